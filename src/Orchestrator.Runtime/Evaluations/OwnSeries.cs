using System.Collections.Immutable;
using System.Data.Common;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>What the system knows of itself, as series: fixes of each rule by the state they are in, tasks of each open label queue by theirs.</summary>
internal static class OwnSeries
{
    private const string Source = "system";

    public static readonly ImmutableArray<string> Names = ["fix_total", "label_queue_tasks"];

    /// <summary>Stores the numbers as of an instant, where they are others than those stored last; the series of a queue that is closed end.</summary>
    public static void Record(Transaction transaction, SampleStore samples, DateTimeOffset now)
    {
        var time = now.ToMicros();
        var numbers = Fixes(transaction.Connection).Concat(Tasks(transaction.Connection)).OrderBy(pair => pair.Key).ToArray();
        var before = SampleStore.LastBatch(transaction, Source).Where(sample => !sample.Sample.IsStale).ToDictionary(sample => sample.Labels, sample => sample.Sample.Value);
        if (numbers.Length == before.Count && numbers.All(pair => before.TryGetValue(pair.Key, out var value) && value.Equals(pair.Value)))
        {
            return;
        }

        var ended = before.Keys.Except(numbers.Select(pair => pair.Key)).Order().Select(labels => new LabelledSample(labels, new Sample(time, Sample.Stale)));
        var known = numbers.Select(pair => new LabelledSample(pair.Key, new Sample(time, pair.Value, long.MaxValue)));
        samples.Append(transaction, now, Source, [.. known, .. ended]);
    }

    /// <summary>Each state of a rule that has a fix has a number, so that a change from none is one.</summary>
    private static IEnumerable<KeyValuePair<Labels, double>> Fixes(DbConnection connection) =>
        from rule in FixStore.Past(connection).GroupBy(fix => fix.Rule)
        from state in Enum.GetValues<FixState>()
        select KeyValuePair.Create(Labels.Of(Names[0], ("rule", rule.Key), ("state", state.ToString().ToLowerInvariant())), (double)rule.Count(fix => fix.State == state));

    private static IEnumerable<KeyValuePair<Labels, double>> Tasks(DbConnection connection) =>
        from queue in LabelStore.Queues(connection)
        where queue.State != "closed"
        from part in new[] { ("open", queue.Open), ("answered", queue.Answered), ("skipped", queue.Skipped) }
        select KeyValuePair.Create(Labels.Of(Names[1], ("dataset", queue.Dataset), ("queue", queue.Id), ("state", part.Item1)), (double)part.Item2);
}
