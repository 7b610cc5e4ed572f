using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Datasets.Pushes;
using Orchestrator.Runtime.Datasets.Queries;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Runners;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Tests.Activities;

/// <summary>A workspace with the demo's digits: its model and monitor, the training file, a week of labelled production rows.</summary>
public sealed class DigitsWorkspace : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 12, 0, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly Workspace _workspace;
    private readonly EffectStore _effects = new(new EffectSignal());
    private readonly OperatorFile _operator = OperatorFile.Read("orchestrator.yaml", "folder: .").Value!;
    private int _keys;

    private DigitsWorkspace(string modelFile)
    {
        _workspace = Workspace.Open(_folder["workspace"]);
        Database = Database.Open(_workspace.DatabaseFile, TimeProvider.System);
        Artifacts = ArtifactStore.Open(_workspace);
        Versions = new DatasetVersions(_workspace, Database, Artifacts, new AnalyticsOptions());
        var model = ModelFile.Read("digits.model.yaml", modelFile).Value!;
        var monitor = MonitorFile.Read("digits.monitor.yaml", Rules("digits.monitor.yaml")).Value!;
        var clocks = new Clocks(TimeProvider.System, TimeProvider.System);
        var queries = new QuerySnapshots(_workspace, Database, clocks, new AnalyticsOptions());
        Authored = new Authored(
            name => name == model.Name ? model : null,
            name => monitor.Datasets.FirstOrDefault(dataset => dataset.Name == name) is { } dataset ? (monitor, dataset) : null,
            new DatasetGathering(new Connections(ImmutableDictionary<string, string>.Empty.Add("data", _folder["data"])), queries, new PushIntake(_workspace, Database, clocks, new AnalyticsOptions())));
        Access = new DatasetAccess(Authored, Versions, Database, new AnalyticsOptions());
        Training = new ModelTraining(Authored, Access, Artifacts, Database, Runners);
        Champions = new Champions(Database, Artifacts);
    }

    public Database Database { get; }

    public ArtifactStore Artifacts { get; }

    public DatasetVersions Versions { get; }

    public Authored Authored { get; }

    public DatasetAccess Access { get; }

    public RunnerRuns Runners => new(ImmutableSortedDictionary<string, RunnerSpec>.Empty, new CommandRuns(_workspace.Attempts, _folder.Path, TimeProvider.System));

    public ModelTraining Training { get; }

    public Champions Champions { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static string Rules(string file) => File.ReadAllText(Path.Combine(Path.GetDirectoryName(DemoData.Digits)!, "..", "..", "rules", file));

    public static async Task<DigitsWorkspace> OpenAsync(string? modelFile = null)
    {
        var workspace = new DigitsWorkspace(modelFile ?? Rules("digits.model.yaml"));
        var files = await DemoData.FilesAsync(Cancel);
        var production = Directory.CreateDirectory(Path.Combine(workspace._folder["data"], "production")).FullName;
        File.Copy(files.Train, Path.Combine(workspace._folder["data"], "train.csv"));
        var served = string.Concat(Enumerable.Range(0, 10).Select(digit => $",p_{digit}"));
        var lines = files.Batches.SelectMany(path => File.ReadLines(path).Skip(1)).Select(line => $"{line},2026-01-08T00:00:00Z,0{string.Concat(Enumerable.Repeat(",0.1", 10))},digits-1,3");
        await File.WriteAllLinesAsync(
            Path.Combine(production, "batch-1.csv"), lines.Prepend($"{DemoData.Header(files.Batches[0])},served_at,prediction{served},model_version,latency_ms"), Cancel);
        var labels = DemoData.Lines(files.ProductionTruth).Select(row => $"{row[0]},{row[1]},2026-01-08T06:00:00Z");
        await File.WriteAllLinesAsync(Path.Combine(production, "labels-1.csv"), labels.Prepend("id,digit,labelled_at"), Cancel);
        return workspace;
    }

    /// <summary>Adds rows of the training file to what was served and labelled.</summary>
    public void ServeTrainingRows(int count)
    {
        var production = Path.Combine(_folder["data"], "production");
        var rows = DemoData.Lines(Path.Combine(_folder["data"], "train.csv")).Take(count).ToList();
        var served = rows.Select(row => $"{string.Join(',', row[..66])},2026-01-08T00:00:00Z,0{string.Concat(Enumerable.Repeat(",0.1", 10))},digits-1,3");
        File.AppendAllLines(Path.Combine(production, "batch-1.csv"), served);
        File.AppendAllLines(Path.Combine(production, "labels-1.csv"), rows.Select(row => $"{row[0]},{row[66]},2026-01-08T06:00:00Z"));
    }

    /// <summary>As if nobody had labelled what was served.</summary>
    public void ForgetLabels() => File.WriteAllText(Path.Combine(_folder["data"], "production", "labels-1.csv"), "id,digit,labelled_at\n0,0,2026-01-08T06:00:00Z\n");

    /// <summary>Gives every served row the label of the row 101 lines further on.</summary>
    public void ShuffleLabels()
    {
        var path = Path.Combine(_folder["data"], "production", "labels-1.csv");
        var lines = File.ReadAllLines(path);
        var rows = lines.Skip(1).Select(line => line.Split(',')).ToList();
        File.WriteAllLines(path, rows.Select((row, i) => $"{row[0]},{rows[(i + 101) % rows.Count][1]},{row[2]}").Prepend(lines[0]));
    }

    public async Task<ModelVersion> TrainAsync(string? version = null) =>
        await Training.TrainAsync(new TrainingRequest($"train-{++_keys}", "digits", null, version, Now, Spill), Cancel);

    public Task<ChampionOutcome> PromoteAsync(ModelVersion version) =>
        Champions.PromoteAsync(new ChampionChange($"promote-{++_keys}", "digits", "lead", "first", Now), version.Id, version.Digest, Cancel);

    public Task<ActivityResult> RunAsync(IActivity activity, string key, params (string Name, object Value)[] inputs) =>
        activity.RunAsync(new ActivityCall(key, "fix-1", Values.Of(inputs), Spill, Now, _ => { }), Cancel);

    public FindSuspectsActivity FindSuspects => new(Access, Versions, Artifacts);

    public SelectRowsActivity SelectRows => new(new LearnableRows(Access, Authored), Access, new ChampionScores(new ModelScoring(Artifacts, Runners), Database), Artifacts);

    public RebuildDatasetActivity Rebuild => new(Versions, new RebuildOperations(Versions, Access, new LearnableRows(Access, Authored), Artifacts), Artifacts, Database, Authored);

    public RetrainActivity Retrain => new(Training, new ElsewhereDesk(_workspace, Database, _effects, new WorkflowRunner(_effects), _operator, _folder.Path, new Clocks(TimeProvider.System, TimeProvider.System)));

    public EvaluateActivity Evaluate => new(new ModelComparison(Authored, Access, new ModelScoring(Artifacts, Runners), Database), Authored, Artifacts, Database);

    public GateActivity Gate => new(Authored, Artifacts, Database);

    public PromoteActivity Promote => new(Champions, Database);

    /// <summary>What an honest person answers: the truth, remembered and made into a patch.</summary>
    public async Task<string> AnswerAsync(SuspectList list)
    {
        var truth = DemoData.Truth((await DemoData.FilesAsync(Cancel)).TrainTruth);
        await Database.WriteAsync(
            transaction => ConfirmedLabelStore.Save(
                transaction, list.Rows.Select(row => new ConfirmedLabel(list.Dataset, row.Id, row.Content, truth[row.Id], list.LabelSet, "ann", Now))),
            Cancel);
        var changes = list.Rows.Where(row => truth[row.Id] != row.Given).Select(row => new RowChange.Relabel(row.Id, row.Content, row.Given, truth[row.Id]));
        return await Artifacts.PutTextAsync(DataPatch.Of(list.Dataset, list.Version, changes).Write(), Cancel);
    }

    public void Dispose()
    {
        Database.Dispose();
        _workspace.Dispose();
        _folder.Dispose();
    }

    private string Spill => Directory.CreateDirectory(_folder["spill"]).FullName;
}
