using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Workflows;

/// <summary>Something that a workflow instance is told; a duplicate, late or unknown one changes nothing.</summary>
[JsonDerivedType(typeof(Start), nameof(Start))]
[JsonDerivedType(typeof(CompleteActivity), nameof(CompleteActivity))]
[JsonDerivedType(typeof(FailActivity), nameof(FailActivity))]
[JsonDerivedType(typeof(SuspendActivity), nameof(SuspendActivity))]
[JsonDerivedType(typeof(ResumeBookmark), nameof(ResumeBookmark))]
[JsonDerivedType(typeof(FireTimer), nameof(FireTimer))]
[JsonDerivedType(typeof(Cancel), nameof(Cancel))]
[JsonDerivedType(typeof(Compensate), nameof(Compensate))]
public abstract record WorkflowCommand
{
    private WorkflowCommand(DateTimeOffset at) => At = at;

    /// <summary>The domain clock when the command was given.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset At { get; }

    public sealed record Start(DateTimeOffset At, ImmutableSortedDictionary<string, JsonElement> Inputs) : WorkflowCommand(At);

    /// <summary>The activity, or the compensation, with this key is done.</summary>
    public sealed record CompleteActivity(DateTimeOffset At, string Key, string Outcome, ImmutableSortedDictionary<string, JsonElement> Outputs) : WorkflowCommand(At);

    /// <summary>The activity, or the compensation, with this key failed and will not be tried again.</summary>
    public sealed record FailActivity(DateTimeOffset At, string Key, string Message) : WorkflowCommand(At);

    /// <summary>The activity goes on outside until the bookmark is resumed.</summary>
    public sealed record SuspendActivity(DateTimeOffset At, string Key, string Bookmark) : WorkflowCommand(At);

    public sealed record ResumeBookmark(DateTimeOffset At, string Bookmark, string Outcome, ImmutableSortedDictionary<string, JsonElement> Outputs) : WorkflowCommand(At);

    /// <summary>The timer with this key is due; that it is, is the shell's promise.</summary>
    public sealed record FireTimer(DateTimeOffset At, string Key) : WorkflowCommand(At);

    public sealed record Cancel(DateTimeOffset At, string Reason) : WorkflowCommand(At);

    /// <summary>Undo what the instance did, the last first; a running one is cancelled before.</summary>
    public sealed record Compensate(DateTimeOffset At, string Reason) : WorkflowCommand(At);
}
