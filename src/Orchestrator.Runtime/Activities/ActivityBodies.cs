using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Activities;

/// <summary>The bodies of all activities that a node can run.</summary>
internal static class ActivityBodies
{
    public static IReadOnlyList<IActivity> Of(Node node, DatasetAccess access, ModelTraining training, LabelWatch watch) =>
    [
        new SelectRowsActivity(node.Learnable, access, new ChampionScores(node.Scoring, node.Database), node.Artifacts),
        new AwaitLabelsActivity(watch),
        new FindSuspectsActivity(access, node.Versions, node.Artifacts),
        new RelabelActivity(node.Labels, node.Artifacts, node.Authored),
        new RebuildDatasetActivity(node.Versions, new RebuildOperations(node.Versions, access, node.Learnable, node.Artifacts), node.Artifacts, node.Database, node.Authored),
        new RetrainActivity(training, node.Elsewhere),
        new EvaluateActivity(new ModelComparison(node.Authored, access, node.Scoring, node.Database), node.Authored, node.Artifacts, node.Database),
        new GateActivity(node.Authored, node.Artifacts, node.Database),
        new PromoteActivity(node.Champions, node.Database),
        new RollbackActivity(node.Champions, node.Database),
        new ApprovalActivity(),
        new NotifyActivity(node.Messenger, node.Options.Operator.Environment),
        new QueryActivity(node.Samples),
        new RunCommandActivity(node.Options.Operator.Commands, node.Commands, node.Artifacts),
    ];
}
