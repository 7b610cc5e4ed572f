using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Tests.Fixes;

/// <summary>Fixes, workflows and effects over a database of their own, with activities of the test's; what is in memory can be lost as by a kill.</summary>
internal sealed class SpineRig : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    public static readonly FixTerms Terms = new(
        "promote", false, [], null, TimeSpan.FromDays(3), new FixVerification("model_accuracy > 0.93", TimeSpan.FromHours(2), 100, Otherwise.Compensate));

    private readonly TempFolder _folder = new();
    private Workspace _workspace;
    private EffectStore _effects = null!;

    public SpineRig(params IActivity[] activities)
    {
        Activities = [.. activities];
        _workspace = Workspace.Open(_folder["workspace"]);
        Boot();
    }

    public List<IActivity> Activities { get; }

    public TestDatabase Database { get; } = new();

    public FakeTimeProvider Domain { get; } = new(Start);

    public FakeTimeProvider Real { get; } = new(new DateTimeOffset(2030, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public Clocks Clocks => new(Domain, Real);

    public FixRunner Fixes { get; private set; } = null!;

    public WorkflowRunner Workflows { get; private set; } = null!;

    public IReadOnlyList<IEffectHandler> Handlers { get; private set; } = [];

    /// <summary>A flowchart of one activity after the other.</summary>
    public static string Flow(params (string Type, object Inputs)[] activities)
    {
        var steps = activities.Select((activity, i) => Step(i + 1, activity.Type, activity.Inputs));
        var connections = activities.Select((_, i) => new { source = new { activity = i == 0 ? "start" : $"a{i}", port = "Done" }, target = new { activity = $"a{i + 1}", port = "In" } });
        return JsonSerializer.Serialize(new
        {
            id = "flow-1",
            definitionId = "flow",
            name = "flow",
            version = 1,
            inputs = new[] { new { name = "dataset", type = "String" } },
            root = new { id = "root", type = "Elsa.Flowchart", version = 1, activities = (object[])[new { id = "start", type = "Elsa.Start", version = 1 }, .. steps], connections },
        });
    }

    private static JsonObject Step(int number, string type, object inputs)
    {
        var step = JsonSerializer.SerializeToNode(inputs)!.AsObject();
        step["id"] = $"a{number}";
        step["type"] = type;
        step["version"] = 1;
        return step;
    }

    public static FixPlan Plan(string definition)
    {
        var (read, diagnostics) = WorkflowDefinition.Read("flow.json", definition);
        Assert.True(read is { CanStart: true }, string.Join('\n', diagnostics));
        return new FixPlan(
            "f-1",
            "LabelErrors",
            "r-1",
            definition,
            WorkflowProjection.Canonical(read),
            ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal).Add("dataset", JsonSerializer.SerializeToElement("digits-train")),
            new PlanEvidence([], null, ImmutableSortedDictionary<string, string>.Empty, null),
            new PatchLimits(null, [], 0, null),
            new PredictedEffect(null, null, null, "not computed"),
            "the champion before is restored").Sealed();
    }

    /// <summary>A fresh process over the same database: leases of the one before are over.</summary>
    public async Task RebootAsync()
    {
        Database.Reopen();
        _workspace.Dispose();
        _workspace = Workspace.Open(_folder["workspace"]);
        Boot();
        await Database.WriteAsync(EffectStore.EndLeases);
    }

    /// <summary>Opens a fix of its own finding; its preparation is taken as done by <see cref="ProposeAsync"/>.</summary>
    public Task OpenAsync(string id, string? model = "digits", FixTerms? terms = null, int priority = 50) => Database.WriteAsync(tx =>
    {
        FindingStore.Save(tx, new Finding($"f-{id}", $"p-{id}", "digits", "LabelErrors", Labels.Empty, "r-1", Start));
        Fixes.Open(tx, new FixCommand.Open(id, $"f-{id}", "LabelErrors", model, $"LabelErrors|{id}", terms ?? Terms) { At = Domain.GetUtcNow() }, priority, 0);
    });

    public Task<FixDecision> ProposeAsync(string id, FixPlan plan, string by = "rule") => CommandAsync(id, new FixCommand.Propose(plan, by) { At = Domain.GetUtcNow() });

    public Task<FixDecision> ApproveAsync(string id, FixPlan plan) =>
        CommandAsync(id, new FixCommand.Approve("lead@example.org", plan.Sha256, null, true) { At = Domain.GetUtcNow() });

    public Task<FixDecision> CommandAsync(string id, FixCommand command) => Database.WriteAsync(tx => Fixes.Handle(tx, id, command, "lead@example.org"));

    public async Task ApprovedAsync(string id, FixPlan plan, string? model = "digits", FixTerms? terms = null, int priority = 50)
    {
        await OpenAsync(id, model, terms, priority);
        await ProposeAsync(id, plan);
        await ApproveAsync(id, plan);
    }

    public EffectWorker Worker(IReadOnlyList<IEffectHandler>? handlers = null) =>
        new("worker", Database.Open, Clocks, handlers ?? Handlers, NullLogger<EffectWorker>.Instance);

    public async Task DrainAsync()
    {
        var worker = Worker();
        while (await worker.RunNextAsync(TestContext.Current.CancellationToken))
        {
        }
    }

    public Fix Fix(string id = "x-1") => Database.Read(connection => FixStore.Find(connection, id))!;

    public FixState State(string id = "x-1") => Fix(id).State;

    public StoredInstance? Instance(string id = "x-1") => Database.Read(connection => WorkflowStore.Find(connection, $"{id}-run"));

    public void Dispose()
    {
        Database.Dispose();
        _workspace.Dispose();
        _folder.Dispose();
    }

    private void Boot()
    {
        _effects = new EffectStore(new EffectSignal());
        Workflows = new WorkflowRunner(_effects);
        Fixes = new FixRunner(_effects, Workflows);
        Handlers =
        [
            new ActivityEffect(_workspace, Database.Open, Workflows, Clocks, Activities),
            new CompensationEffect(Workflows, Clocks, Activities),
            new TimerEffect(new Dictionary<TimerTarget, Action<Transaction, TimerBody>>
            {
                [TimerTarget.Fix] = (tx, timer) => Fixes.Handle(tx, timer.Owner, new FixCommand.DeadlinePassed(timer.Due) { At = Domain.GetUtcNow() }, "system"),
                [TimerTarget.Start] = (tx, _) => Fixes.StartApproved(tx, Domain.GetUtcNow()),
                [TimerTarget.Workflow] = (tx, timer) => Workflows.FireTimer(tx, timer, Domain.GetUtcNow()),
            }),
        ];
    }
}

/// <summary>An activity whose body is the test's; what it did is counted by key, as the outside would.</summary>
internal sealed class TestActivity(string type, Func<ActivityCall, ActivityResult>? body = null) : IActivity, ICompensation
{
    public string Type => type;

    public List<string> Calls { get; } = [];

    public List<string> Undone { get; } = [];

    public string? UndoFault { get; set; }

    public Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        Calls.Add(call.Key);
        return Task.FromResult(body is null ? ActivityResult.Done("Done") : body(call));
    }

    public Task<ActivityResult> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        Undone.Add(call.Of);
        return Task.FromResult<ActivityResult>(UndoFault is { } fault ? new ActivityResult.Failed(fault, Retryable: false) : ActivityResult.Done("Done"));
    }
}
