using System.Collections.Immutable;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>Which rows of a query are wanted.</summary>
/// <param name="Ranges">What is needed of it by its time column; empty where all of it is.</param>
/// <param name="Time">The column that tells in which range a row lies; absent where there is none.</param>
/// <param name="Texts">Columns kept as text.</param>
/// <param name="Settling">How long after an instant its rows may still arrive: until then what is read of it is read again.</param>
internal sealed record QueryRequest(
    SourcePart Part, DataLocation.Query From, ImmutableArray<TimeRange> Ranges, string? Time, ImmutableArray<string> Texts, TimeSpan Settling)
{
    /// <summary>A prediction is in its database soon after it was made.</summary>
    private static readonly TimeSpan RowsSettle = TimeSpan.FromMinutes(10);

    public static QueryRequest OfRows(DatasetSpec spec, DataLocation.Query from, DateTimeOffset at) => new(
        new(spec.Name, false), from, Windows(spec, at), spec.Roles.Time, ResolvedRoles.Texts(spec), RowsSettle);

    /// <summary>Labels of rows that a window can hold; each had its delay to arrive in.</summary>
    public static QueryRequest OfLabels(DatasetSpec spec, LabelJoin join, DataLocation.Query from, DateTimeOffset at)
    {
        ImmutableArray<TimeRange> ranges = spec.Window is { } window ? [Window(at, window + join.Delay)] : [];
        return new(new(spec.Name, true), from, ranges, join.Time, LabelTable.Texts(join), join.Delay > RowsSettle ? join.Delay : RowsSettle);
    }

    /// <summary>The window that ends now, and the one whose labels have arrived by now.</summary>
    public static ImmutableArray<TimeRange> Windows(DatasetSpec spec, DateTimeOffset at) => (spec.Roles.Time is null ? null : spec.Window, spec.Labels) switch
    {
        (null, _) => [],
        ({ } window, null) => [Window(at, window)],
        ({ } window, { } labels) => [Window(at, window), Window(at - labels.Delay, window)],
    };

    private static TimeRange Window(DateTimeOffset until, TimeSpan window) => new(until.ToMicros() - window.ToMicros(), until.ToMicros());
}
