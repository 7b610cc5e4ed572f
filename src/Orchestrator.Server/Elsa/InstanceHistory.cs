using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Server.Elsa;

/// <summary>One execution of one activity, from its beginning to its end where it has ended.</summary>
internal sealed record ActivityRun(Execution Execution, string NodeId, string Name, DateTimeOffset StartedAt)
{
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>As Studio names it: Running, Completed, Canceled or Faulted.</summary>
    public string Status { get; init; } = "Running";

    /// <summary>Whether it waits for somebody or for a time.</summary>
    public bool IsBlocked { get; init; }

    public ImmutableArray<string> Outcomes { get; init; } = [];

    public ImmutableSortedDictionary<string, JsonElement> Outputs { get; init; } = Values.Empty;

    public string? Fault { get; init; }
}

/// <summary>One line of the journal as Studio lists it.</summary>
internal sealed record JournalLine(
    string Id, string ActivityInstanceId, string? ParentActivityInstanceId, string ActivityId, string ActivityType, int ActivityTypeVersion, string? ActivityName, string NodeId, DateTimeOffset Timestamp, long Sequence, string EventName)
{
    public string? Message { get; init; }

    public object? ActivityState { get; init; }

    public object? Payload { get; init; }
}

/// <summary>What happened in an instance, told by its journal: executions, lines, values of variables.</summary>
internal sealed class InstanceHistory
{
    private const string Workflow = "Workflow1";

    private readonly Dictionary<string, string> _nodes;
    private readonly WorkflowDefinition? _definition;
    private readonly SortedDictionary<int, ActivityRun> _runs = [];
    private readonly List<JournalLine> _lines = [];
    private readonly Dictionary<string, JsonElement> _variables = new(StringComparer.Ordinal);

    public InstanceHistory(StoredInstance instance, IEnumerable<WorkflowEvent> events)
    {
        Instance = instance;
        _definition = WorkflowDefinition.Read(instance.Id, instance.Definition).Definition;
        var json = DefinitionForm.Parse(instance.Definition);
        _nodes = json[DefinitionMerge.NameIn(json, "root")] is JsonObject root ? ActivityTree.NodeIds(root) : [];
        foreach (var happened in events)
        {
            Take(happened);
        }
    }

    public StoredInstance Instance { get; }

    /// <summary>Executions in the order in which they began.</summary>
    public IReadOnlyCollection<ActivityRun> Runs => _runs.Values;

    public IReadOnlyList<JournalLine> Lines => _lines;

    /// <summary>Variables with the value that they had last.</summary>
    public IEnumerable<(VariableDefinition Variable, JsonElement Value)> Variables =>
        AllVariables().Select(variable => (variable, _variables.GetValueOrDefault(variable.Id, variable.Initial)));

    public string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{Instance.Id}~{number}");

    /// <summary>The execution of an id, and the instance that it belongs to; null where it names none.</summary>
    public static (string InstanceId, int Number)? Parse(string id) =>
        id.LastIndexOf('~') is > 0 and var at && int.TryParse(id[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (id[..at], number) : null;

    public ActivityRun? Run(int number) => _runs.GetValueOrDefault(number);

    private void Take(WorkflowEvent happened)
    {
        switch (happened)
        {
            case WorkflowEvent.ActivityStarted started:
                Begin(started);
                break;
            case WorkflowEvent.ActivityCompleted completed:
                completed.Assigned.ToList().ForEach(assigned => _variables[assigned.VariableId] = assigned.Value);
                Change(happened, completed.Number, "Completed", run => run with { EndedAt = happened.At, Status = "Completed", IsBlocked = false, Outcomes = completed.Outcomes, Outputs = completed.Outputs });
                break;
            case WorkflowEvent.ActivityFaulted faulted:
                Change(happened, faulted.Number, "Faulted", run => run with { EndedAt = happened.At, Status = "Faulted", IsBlocked = false, Fault = faulted.Message });
                break;
            case WorkflowEvent.ActivitySuspended suspended:
                Change(happened, suspended.Number, "Suspended", run => run with { IsBlocked = true });
                break;
            case WorkflowEvent.TimerSet timer:
                Change(happened, timer.Number, "Suspended", run => run with { IsBlocked = true });
                break;
            case WorkflowEvent.ActivityCancelled cancelled:
                Change(happened, cancelled.Number, "Canceled", run => run with { EndedAt = happened.At, Status = "Canceled", IsBlocked = false });
                break;
            case WorkflowEvent.ActivityCompensated compensated:
                Change(happened, compensated.Number, "Compensated", run => run);
                break;
            case WorkflowEvent.ActivityNotCompensated failed:
                Change(happened, failed.Number, "CompensationFailed", run => run with { Fault = failed.Message });
                break;
            default:
                AddOfWorkflow(happened);
                break;
        }
    }

    private void Begin(WorkflowEvent.ActivityStarted started)
    {
        var execution = started.Execution;
        foreach (var (variable, value) in execution.Variables)
        {
            _variables[variable] = value;
        }

        var name = _definition?.Activities.GetValueOrDefault(execution.ActivityId)?.DisplayName ?? execution.ActivityId;
        var run = new ActivityRun(execution, _nodes.GetValueOrDefault(execution.ActivityId, $"{Workflow}:{execution.ActivityId}"), name, started.At);
        _runs[execution.Number] = run;
        Add(run, started.At, "Started", new { ActivityState = execution.Inputs });
    }

    private void Change(WorkflowEvent happened, int number, string name, Func<ActivityRun, ActivityRun> change)
    {
        if (_runs.TryGetValue(number, out var run))
        {
            _runs[number] = change(run);
            Add(_runs[number], happened.At, name, null);
        }
    }

    private void Add(ActivityRun run, DateTimeOffset at, string name, object? payload)
    {
        var execution = run.Execution;
        var parent = execution.Parent == 0 ? null : IdOf(execution.Parent);
        _lines.Add(new JournalLine(
            IdOf(execution.Number) + "/" + _lines.Count, IdOf(execution.Number), parent, execution.ActivityId, execution.Type, 1, run.Name, run.NodeId, at, _lines.Count, name)
        {
            Message = run.Fault, ActivityState = execution.Inputs, Payload = payload ?? (run.Outcomes.IsEmpty ? null : new { run.Outcomes, run.Outputs }),
        });
    }

    private void AddOfWorkflow(WorkflowEvent happened) => _lines.Add(new JournalLine(
        $"{Instance.Id}/{_lines.Count}", Instance.Id, null, Workflow, "Elsa.Workflow", 1, null, Workflow, happened.At, _lines.Count, happened.GetType().Name)
    {
        Message = happened switch
        {
            WorkflowEvent.InstanceFaulted faulted => faulted.Message,
            WorkflowEvent.InstanceCancelled cancelled => cancelled.Reason,
            WorkflowEvent.CompensationStarted started => started.Reason,
            _ => null,
        },
    });

    private IEnumerable<VariableDefinition> AllVariables() => _definition is null
        ? []
        : _definition.Variables.Concat(_definition.Activities.Values.OrderBy(activity => activity.Id, StringComparer.Ordinal).SelectMany(activity => activity.Container?.Variables ?? []));
}
