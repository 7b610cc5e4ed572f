using System.Collections.Immutable;
using Orchestrator.Runtime.Datasets.Queries;

namespace Orchestrator.Runtime.Datasets.Pushes;

/// <summary>Rows or labels that somebody pushed at once; they are never changed.</summary>
/// <param name="Batch">The pusher's name of it: pushed again under this name it is the same batch.</param>
/// <param name="Body">Hash of what was sent.</param>
/// <param name="File">Hash of the Parquet file, which is its name.</param>
/// <param name="By">Whose key it was pushed with.</param>
public sealed record PushedBatch(SourcePart Part, string Batch, string Body, string File, long Rows, string By, DateTimeOffset At)
{
    /// <summary>What its rows lie in by their time; absent where they have none.</summary>
    public PushedTimes? Times { get; init; }
}

/// <summary>The first and the last instant of a column, in microseconds.</summary>
public sealed record PushedTimes(string Column, long First, long Last)
{
    /// <summary>Whether rows can lie in a range of that column.</summary>
    public bool Meets(TimeRange range) => First <= range.Until && Last > range.After;
}

/// <summary>A column of all batches of a dataset.</summary>
/// <param name="Kind">Number, text, boolean, instant or nested; empty while no batch had a value in it.</param>
public sealed record PushedColumn(string Name, string Kind);

/// <summary>How a push ended.</summary>
public abstract record PushOutcome
{
    private PushOutcome()
    {
    }

    /// <param name="IsNew">False where the batch was there already.</param>
    public sealed record Taken(PushedBatch Batch, bool IsNew) : PushOutcome;

    /// <summary>Nothing of it is kept.</summary>
    public sealed record Refused(ImmutableArray<string> Problems) : PushOutcome;

    /// <summary>Another content was pushed under the same name.</summary>
    public sealed record Conflict(PushedBatch Earlier) : PushOutcome;

    public sealed record TooLarge(long Limit) : PushOutcome;
}
