using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Runtime.Labeling;

/// <summary>A prioritised, budgeted set of rows to label, for which a workflow waits.</summary>
/// <param name="State"><c>open</c>, <c>closing</c> (all answers are in), or <c>closed</c> (the patch is made, or nobody waits for it any more).</param>
public sealed record LabelQueue(
    string Id, string Dataset, string Version, string InstanceId, string Bookmark, string State, int Budget, DateTimeOffset OpenedAt, DateTimeOffset Deadline)
{
    /// <summary>The outcome of a queue that was closed because what asked for it was stopped.</summary>
    public const string Withdrawn = "Withdrawn";

    /// <summary>How it came to be closed: <c>Done</c>, <c>Timed out</c> or <c>Withdrawn</c>; null while it is open.</summary>
    public string? Outcome { get; init; }

    /// <summary>Different people who answer each row.</summary>
    public int Overlap { get; init; } = 1;

    /// <summary>How far they agreed; null before the queue is closed, and where each row has one answer.</summary>
    public Agreement? Agreement { get; init; }

    /// <summary>Hash of the classes that the model file states; a confirmed label holds for this label set only.</summary>
    public string LabelSet { get; init; } = "";

    /// <summary>The labels to choose from, in order.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    public int Open { get; init; }

    public int Answered { get; init; }

    public int Skipped { get; init; }
}

/// <summary>One row to label.</summary>
/// <param name="Id"><c>QUEUE:POSITION</c>.</param>
/// <param name="Given">The label that the row has.</param>
/// <param name="Suggested">The label that the ranking thinks it should have.</param>
/// <param name="Score">Suspicion, higher is more suspicious.</param>
/// <param name="Columns">Values to show, by column.</param>
public sealed record LabelTask(
    string Id, string QueueId, int Position, string RowId, string ContentHash, string Given, string? Suggested, double Score,
    ImmutableSortedDictionary<string, string> Columns)
{
    public string State { get; init; } = "open";

    public string? Answer { get; init; }

    public string? AnsweredBy { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }
}

/// <summary>What became of an answer.</summary>
public abstract record AnswerOutcome
{
    private AnswerOutcome()
    {
    }

    public sealed record Accepted(LabelTask Task) : AnswerOutcome;

    public sealed record Refused(string Reason) : AnswerOutcome;
}
