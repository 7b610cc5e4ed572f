using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Activities;

/// <summary>The bodies of all activities that a node can run.</summary>
internal static class ActivityBodies
{
    public static IReadOnlyList<IActivity> Of(Node node, DatasetAccess access, ModelTraining training) =>
    [
        new SelectRowsActivity(new LearnableRows(access, node.Authored), access, new ChampionScores(node.Artifacts, node.Database), node.Artifacts),
        new FindSuspectsActivity(access, node.Versions, node.Artifacts),
        new RelabelActivity(node.Labels, node.Artifacts, node.Database),
        new RebuildDatasetActivity(node.Versions, node.Artifacts),
        new RetrainActivity(training),
        new EvaluateActivity(new ModelComparison(node.Authored, access, node.Scoring, node.Database), node.Authored, node.Artifacts, node.Database),
        new GateActivity(node.Authored, node.Artifacts, node.Database),
        new PromoteActivity(node.Champions, node.Database),
        new RollbackActivity(node.Champions, node.Database),
        new ApprovalActivity(),
        new NotifyActivity(node.Messenger, node.Options.Operator.Environment),
        new QueryActivity(node.Samples),
    ];
}
