using Microsoft.Extensions.Logging;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Datasets.Maps;
using Orchestrator.Runtime.Datasets.Pushes;
using Orchestrator.Runtime.Datasets.Queries;
using Orchestrator.Runtime.Deployments;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Evaluations;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Runtime.Notifications;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Runners;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime;

/// <summary>One node of the system over one workspace: what is due, doing it, and draining the effects; whoever hosts it says when.</summary>
public sealed partial class Node : IDisposable
{
    private readonly MonitorRuns _monitors;
    private readonly RuleEvaluations _evaluations;
    private readonly IReadOnlyList<IEffectHandler> _handlers;
    private readonly ILoggerFactory _logging;
    private readonly DatasetAccess _access;
    private readonly ModelTraining _training;
    private readonly RunnerRuns _runners;
    private readonly Announcer _announcer;
    private readonly HttpPost _http;
    private readonly DeploymentDesk _deployments;
    private readonly SampleFolder _sampleFiles;

    /// <summary>What rows of measurements that people look at may take on the disk.</summary>
    private const long MostMeasured = 1L << 30;

    private Node(NodeOptions options, Workspace workspace)
    {
        Workspace = workspace;
        Options = options;
        _logging = options.Logging;
        Database = Database.Open(workspace.DatabaseFile, TimeProvider.System);
        Story = options.Story is { } start ? StoryClock.Resume(Database, start) : null;
        Clocks = new Clocks(Story ?? options.Real, options.Real);
        Signal = new EffectSignal();
        Samples = new SampleStore();
        _sampleFiles = new SampleFolder(workspace.Folder);
        Compaction = new SampleCompaction(Database, Samples, _sampleFiles, options.Operator.Samples, Clocks);
        Artifacts = ArtifactStore.Open(workspace);
        Connections = options.Connections ?? Connections.Of(options.Operator, options.Root);
        Commands = new CommandRuns(workspace.Attempts, options.Root, TimeProvider.System);
        Revisions = new InForce(Database, options.Rules ?? options.Operator.Rules, options.Root, Clocks) { Remote = new GitRemote(Commands, workspace.Folder, options.Root, TimeProvider.System) };
        Effects = new EffectStore(Signal);
        Workflows = new WorkflowRunner(Effects) { IsRepeatable = IsRepeatable };
        Fixes = new FixRunner(Effects, Workflows);
        Definitions = new DefinitionDesk(new DefinitionLibrary(Revisions), Fixes, Clocks);
        var analytics = options.Analytics with { TempFolder = options.Analytics.TempFolder ?? workspace.Attempts };
        Versions = new DatasetVersions(workspace, Database, Artifacts, analytics);
        Champions = new Champions(Database, Artifacts);
        _runners = new RunnerRuns(options.Operator.Runners, Commands);
        Scoring = new ModelScoring(Artifacts, _runners);
        Labels = new LabelDesk(Database, Artifacts, Effects, Workflows, Fixes, Clocks);
        Elsewhere = new ElsewhereDesk(workspace, Database, Effects, Workflows, options.Operator, options.Root, Clocks);
        Workflows.Stopped += Labels.Withdraw;
        Workflows.Stopped += Elsewhere.Withdraw;
        Pushes = new PushIntake(workspace, Database, Clocks, analytics);
        var gathering = new DatasetGathering(Connections, new QuerySnapshots(workspace, Database, Clocks, analytics), Pushes) { Copies = new FileCopies(workspace, options.Real) };
        Measurements = new MonitorMeasurement(Database, gathering, Versions, analytics);
        Authored = new Authored(name => Revisions.Current?.Model(name), name => Revisions.Current?.Dataset(name), gathering);
        _access = new DatasetAccess(Authored, Versions, Database, analytics);
        Drift = new DriftReading(_access, workspace.Attempts);
        Segments = new VersionSegments(Authored, Versions, Database, analytics);
        Maps = new RowMaps(Authored, _access, Versions, Segments, (workspace.Attempts, analytics));
        Measured = new MeasuredPages(_access, new KeptFiles(Path.Combine(workspace.Folder, "measured"), options.Real, MostMeasured), analytics, workspace.Attempts);
        Learnable = new LearnableRows(_access, Authored);
        Registry = new ModelRegistry(Authored, Versions, Artifacts, Database, Champions);
        _training = new ModelTraining(Authored, _access, Artifacts, Database, _runners);
        Trials = new RuleTrials(Database, Samples);
        _monitors = new MonitorRuns(Database, Effects, Revisions, Clocks);
        _evaluations = new RuleEvaluations(Database, Samples, Revisions, new FindingDecisions(new FixOpening(Fixes), Fixes), Clocks);
        _http = new HttpPost(options.Dialer, options.Real, options.Patience);
        Messenger = new Messenger(options, _http);
        _announcer = new Announcer(options.Operator, Effects, Clocks);
        Fixes.Happened += _announcer.OnFix;
        _evaluations.Evaluated += _announcer.OnEvaluated;
        _deployments = new DeploymentDesk(Authored, Effects, Workflows, Clocks);
        Champions.Moved += _deployments.Open;
        _deployments.Failed += _announcer.OnDeploymentFailed;
        Revisions.Refused += _announcer.OnRefused;
        _handlers = Handlers(workspace);
    }

    public NodeOptions Options { get; }

    public Workspace Workspace { get; }

    public Database Database { get; }

    public Clocks Clocks { get; }

    /// <summary>The clock of a played story; null where the domain goes by the real clock.</summary>
    public StoryClock? Story { get; }

    public EffectSignal Signal { get; }

    public SampleStore Samples { get; }

    /// <summary>Moves old samples into files, and drops what is not kept.</summary>
    public SampleCompaction Compaction { get; }

    public ArtifactStore Artifacts { get; }

    public Connections Connections { get; }

    public InForce Revisions { get; }

    public EffectStore Effects { get; }

    public WorkflowRunner Workflows { get; }

    public FixRunner Fixes { get; }

    /// <summary>Workflow definitions and what people make of them.</summary>
    public DefinitionDesk Definitions { get; }

    public DatasetVersions Versions { get; }

    public Champions Champions { get; }

    /// <summary>What any version of any model says of rows.</summary>
    public IScoring Scoring { get; }

    /// <summary>What runs the operator's commands.</summary>
    public CommandRuns Commands { get; }

    /// <summary>Takes what people repaired by themselves.</summary>
    public FixHandover Handover => new(this);

    /// <summary>Collects what people take away to repair by themselves.</summary>
    public FixExporting Exporting => new(Versions, Artifacts);

    /// <summary>Tries edited copies of rules.</summary>
    public RuleTrials Trials { get; }

    /// <summary>Both sides of what drift is measured on, to be looked at.</summary>
    public DriftReading Drift { get; }

    /// <summary>Segments of the rows of versions.</summary>
    public VersionSegments Segments { get; }

    /// <summary>Rows in a plane.</summary>
    public RowMaps Maps { get; }

    /// <summary>Rows of measurements with what was predicted for them.</summary>
    public MeasuredPages Measured { get; }

    /// <summary>Shows what fixes do to rows.</summary>
    public FixChanges FixChanges => new(Database, Versions, Artifacts);

    /// <summary>Versions by hand.</summary>
    public ModelRegistry Registry { get; }

    public LabelDesk Labels { get; }

    /// <summary>Takes the word of trainings that go on elsewhere.</summary>
    public ElsewhereDesk Elsewhere { get; }

    /// <summary>Takes the batches that are pushed.</summary>
    public PushIntake Pushes { get; }

    public MonitorMeasurement Measurements { get; }

    public Messenger Messenger { get; }

    /// <summary>What activities look up in the revision in force.</summary>
    public Authored Authored { get; }

    /// <summary>Rows of datasets by name.</summary>
    internal DatasetAccess Access => _access;

    /// <summary>What models may learn from beside their training sets.</summary>
    internal LearnableRows Learnable { get; }

    /// <summary>Takes the workspace's lock, opens what is stored and looks at the rules; throws <see cref="StorageException"/> where the workspace cannot be used.</summary>
    public static async Task<Node> OpenAsync(NodeOptions options, CancellationToken cancellation)
    {
        var workspace = Workspace.Open(options.WorkspaceFolder);
        Node? node = null;
        try
        {
            node = new Node(options, workspace);
            await node.Database.WriteAsync(EffectStore.EndLeases, cancellation).ConfigureAwait(false);
            node.Database.Read(connection => { node.Samples.Load(connection, node._sampleFiles, reason => LogReadAnew(node._logging.CreateLogger<SampleStore>(), reason)); return true; });
            node.Revisions.Resume();
            await node.Revisions.SyncAsync(cancellation).ConfigureAwait(false);
            return node;
        }
        catch
        {
            node?.Database.Dispose();
            workspace.Dispose();
            throw;
        }
    }

    /// <summary>The next instant of the domain clock at which something is due; null where nothing ever is.</summary>
    public DateTimeOffset? NextDue()
    {
        var due = new[] { _monitors.NextDue(), _evaluations.NextDue(), Database.Read(connection => EffectStore.NextDue(connection, Kinds)) };
        return due.Where(instant => instant is not null).Min();
    }

    /// <summary>Fires the monitors and evaluates the rule groups that are due by the domain clock; whether there were any.</summary>
    public async Task<bool> RunDueAsync(CancellationToken cancellation)
    {
        var fired = await _monitors.FireDueAsync(cancellation).ConfigureAwait(false);
        var evaluated = await EvaluateDueAsync(cancellation).ConfigureAwait(false);
        return fired + evaluated > 0;
    }

    /// <summary>A worker of its own name; several may drain side by side.</summary>
    public EffectWorker Worker(string name) => new(name, Database, Clocks, _handlers, _logging.CreateLogger<EffectWorker>()) { Parked = _announcer.OnParked };

    /// <summary>Does effects, and the evaluations that new samples ask for, until nothing is due; whether there was anything.</summary>
    public async Task<bool> DrainEffectsAsync(EffectWorker worker, CancellationToken cancellation)
    {
        var any = false;
        while (await worker.RunNextAsync(cancellation).ConfigureAwait(false) || await EvaluateDueAsync(cancellation).ConfigureAwait(false) > 0)
        {
            any = true;
        }

        return any;
    }

    /// <summary>Approves a plan: by a member of the groups that the rule names, and where four eyes are asked for not by its author.</summary>
    public Task<FixDecision> ApproveAsync(string fixId, Actor by, string planSha256, string? comment, CancellationToken cancellation) =>
        ApproveAsync(fixId, by, new FixCommand.Approve(by.Name, planSha256, comment, Options.Operator.FourEyes) { At = Clocks.Now }, cancellation);

    /// <summary>Approves the patch that a running fix waits with, under the same rules as its plan; nor by whoever gave the labels.</summary>
    public Task<FixDecision> ApprovePatchAsync(string fixId, Actor by, string patchSha256, string? comment, CancellationToken cancellation) =>
        ApproveAsync(fixId, by, new FixCommand.ApprovePatch(by.Name, patchSha256, comment, Options.Operator.FourEyes) { At = Clocks.Now }, cancellation);

    private Task<FixDecision> ApproveAsync(string fixId, Actor by, FixCommand approve, CancellationToken cancellation) =>
        Database.WriteAsync(
            transaction => FixStore.Find(transaction.Connection, fixId) is { } fix && !IsApprover(fix.Terms, by)
                ? new FixDecision.Refused($"{by.Name} is in none of the groups that may approve it: {string.Join(", ", fix.Terms.Approvers)}")
                : Fixes.Handle(transaction, fixId, approve, by.Name),
            cancellation);

    /// <summary>Goes on with a workflow that waits at a bookmark, such as an approval in its middle.</summary>
    public Task ResumeAsync(string instanceId, string bookmark, string outcome, string by, CancellationToken cancellation) =>
        Database.WriteAsync(
            transaction =>
            {
                AuditStore.Append(transaction, Clocks.Now, by, "workflow.resumed", instanceId, new { bookmark, outcome });
                Workflows.Handle(transaction, instanceId, new WorkflowCommand.ResumeBookmark(Clocks.Now, bookmark, outcome, Values.Empty));
            },
            cancellation);

    /// <summary>Rejects or otherwise commands a fix in a transaction of its own.</summary>
    public Task<FixDecision> CommandAsync(string fixId, FixCommand command, string by, CancellationToken cancellation) =>
        Database.WriteAsync(transaction => Fixes.Handle(transaction, fixId, command, by), cancellation);

    /// <summary>Lets the fixes of a finding's key be tried again although the last ones did not help; false where no rule in force asks for a fix of it.</summary>
    public Task<bool> ResetBreakerAsync(Finding finding, string by, CancellationToken cancellation)
    {
        var rule = Revisions.Current?.Groups.FirstOrDefault(group => group.Name == finding.Group)?.Rules.OfType<Rule.Alerting>().FirstOrDefault(rule => rule.Name == finding.Rule);
        return rule?.Then is { } then
            ? Database.WriteAsync(transaction => { Breaker.Reset(transaction, then.DedupKey(finding.Labels), by, Clocks.Now); return true; }, cancellation)
            : Task.FromResult(false);
    }

    /// <summary>Saves a definition; one from a Git repository is proposed on a branch of its own.</summary>
    public async Task<SaveOutcome> SaveDefinitionAsync(DefinitionSave save, CancellationToken cancellation)
    {
        var proposed = save.Publish ? Database.Read(connection => Definitions.ToPropose(connection, save)) : null;
        var branch = proposed is not null && (Options.Rules ?? Options.Operator.Rules) is RulesSource.Git git
            ? GitProposal.Push(Path.Combine(Options.Root, git.Url), git.Branch, proposed)
            : null;
        return await Database.WriteAsync(transaction => Definitions.Save(transaction, save, branch), cancellation).ConfigureAwait(false);
    }

    /// <summary>Answers a label task, or skips it where <paramref name="answer"/> is null.</summary>
    public Task<AnswerOutcome> AnswerAsync(string taskId, string? answer, string by, CancellationToken cancellation) =>
        Database.WriteAsync(transaction => Labels.Answer(transaction, taskId, answer, by), cancellation);

    public void Dispose()
    {
        _http.Dispose();
        Drift.Dispose();
        Maps.Dispose();
        Measured.Dispose();
        Database.Dispose();
        Workspace.Dispose();
    }

    /// <summary>Trains a first version of a model by hand and lets it serve; its id. Again, it is the same version.</summary>
    public async Task<string> TrainFirstAsync(string model, string by, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Workspace.Attempts, $"first-{model}")).FullName;
        var version = await _training.TrainAsync(new TrainingRequest($"first:{model}", model, null, null, Clocks.Now, folder), cancellation).ConfigureAwait(false);
        var change = new ChampionChange($"first:{model}", model, by, "the first version, trained by hand", Clocks.Now);
        return await Champions.PromoteAsync(change, version.Id, version.Digest, cancellation).ConfigureAwait(false) is ChampionOutcome.Refused refused
            ? throw new StorageException(refused.Reason)
            : version.Id;
    }

    /// <summary>In a story measuring takes no time: what is measured at an instant is there when rules are evaluated at it.</summary>
    private Task<int> EvaluateDueAsync(CancellationToken cancellation) =>
        Story is not null && (_monitors.NextDue() <= Clocks.Now || Database.Read(FiringStore.AnyOpen)) ? Task.FromResult(0) : _evaluations.RunDueAsync(cancellation);

    /// <summary>Compares a version with the champion and asks the gate, as a workflow does; throws <see cref="DatasetException"/> where that cannot be.</summary>
    public async Task<GateAnswer> AskGateAsync(string model, string version, CancellationToken cancellation)
    {
        var key = $"gate:{version}:{Clocks.Now.ToMicros()}";
        var folder = Directory.CreateDirectory(Path.Combine(Workspace.Attempts, $"gate-{Clocks.Real.GetTimestamp()}")).FullName;
        try
        {
            var evaluate = new EvaluateActivity(new ModelComparison(Authored, _access, Scoring, Database), Authored, Artifacts, Database);
            var call = new ActivityCall(key, "hand", Values.Empty, folder, Clocks.Now, _ => { });
            return await new GateByHand(evaluate, new GateActivity(Authored, Artifacts, Database)).AskAsync(model, version, call, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private bool IsApprover(FixTerms terms, Actor by) =>
        terms.Approvers.IsEmpty || terms.Approvers.Any(group => Options.Operator.Groups.TryGetValue(group, out var members) && members.Any(by.Is));

    private bool IsRepeatable(WorkflowEffect.RunActivity run) => run.Type == RunCommandActivity.TypeName
        ? RunCommandActivity.MayRepeat(Options.Operator.Commands, run)
        : ActivityCatalog.Find(run.Type)?.Repetition != Repetition.ParkOnDoubt;

    private string[] Kinds => [.. _handlers.Select(handler => handler.Kind)];

    private List<IEffectHandler> Handlers(Workspace workspace)
    {
        var watch = new LabelWatch(Learnable, workspace, Database, Effects, Workflows, Clocks);
        var activities = ActivityBodies.Of(this, _access, _training, watch);
        var sandbox = new FixSandbox(
            Versions,
            new RebuildOperations(Versions, _access, Learnable, Artifacts),
            activities.Where(activity => activity is FindSuspectsActivity or SelectRowsActivity),
            new TrialScoring(Authored, _access, Artifacts, Scoring, Database, Clocks),
            workspace,
            Clocks);
        var preview = new FixPreview(_access, Artifacts, Database, workspace, sandbox, Clocks);
        var gathering = new EvidenceGathering(Measurements, _access, Versions, Artifacts, workspace, Clocks);
        return
        [
            new MeasureEffect(Revisions, Measurements, Samples, Effects, Clocks),
            new FixPreparation(Database, Revisions, gathering, preview, Fixes, Clocks),
            new VerifyEffect(Database, Revisions, Measurements, Fixes, Clocks),
            new ActivityEffect(workspace, Database, Workflows, Clocks, activities),
            new CompensationEffect(Workflows, Clocks, activities),
            Labels,
            new ElsewhereEffect(Elsewhere, Database, Artifacts, _runners, Authored),
            new NotificationEffect(Messenger),
            new DeploymentEffect(Database, _deployments, new HookCall(Options, _http), new PredictionLog(Revisions, _access, workspace), Champions, Clocks),
            watch,
            new TimerEffect(new Dictionary<TimerTarget, Action<Transaction, TimerBody>>
            {
                [TimerTarget.Fix] = (tx, timer) => Fixes.Handle(tx, timer.Owner, new FixCommand.DeadlinePassed(timer.Due) { At = Clocks.Now }, "system"),
                [TimerTarget.Workflow] = (tx, timer) => Workflows.FireTimer(tx, timer, Clocks.Now),
                [TimerTarget.LabelQueue] = Labels.PassDeadline,
                [TimerTarget.Elsewhere] = Elsewhere.PassDeadline,
                [TimerTarget.Start] = (tx, _) => Fixes.StartApproved(tx, Clocks.Now),
                [TimerTarget.Reminder] = _announcer.Remind,
            }),
        ];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Samples are loaded the long way: {Reason}")]
    private static partial void LogReadAnew(ILogger logger, string reason);
}
