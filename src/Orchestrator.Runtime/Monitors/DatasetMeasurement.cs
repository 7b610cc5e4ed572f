using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Drift;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Reductions;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Monitors;

/// <summary>Measures one dataset of a monitor.</summary>
internal sealed class DatasetMeasurement(
    DuckDBConnection connection, MeasurementRequest request, PreparedDataset dataset, ImmutableArray<MeasurementProblem>.Builder found)
{
    private readonly MonitorFile _monitor = request.Inputs.Monitor;
    private readonly DatasetProblems _problems = new(request.Inputs.Monitor.Source, dataset.Spec.Name, found);
    private readonly List<MeasuredValue> _values = [];
    private readonly SortedDictionary<string, ImmutableArray<SegmentCandidate>> _segments = new(StringComparer.Ordinal);

    public MeasuredDataset Run(WantedMetrics wanted)
    {
        var searchSegments = wanted.Contains(SegmentMetrics.Effect);
        foreach (var reduction in WantedMetrics.Reductions(_monitor).Where(reduction => wanted.ContainsAny(reduction.Metrics) || (searchSegments && reduction is Confusions)))
        {
            Reduce(reduction, searchSegments);
        }

        if (wanted.Contains(Duplicates.Ratio) && Duplicates.NearOf(_monitor.ParametersOf(new Duplicates().Metrics)) is { } near && dataset.Current.Roles.Contains(RelationShape.Comparable))
        {
            Near(near);
        }

        if (wanted.Contains(DomainClassifier.Name) && dataset.Current is { Reference: { } reference } current && current.Roles.Contains(RelationShape.Comparable))
        {
            Domain(current, reference);
        }

        var searchSuspects = searchSegments && _monitor.SegmentSearch.Wants(LabelErrorMetrics.Ratio);
        var report = IsForLabelErrors && (searchSuspects || wanted.ContainsAny(LabelErrorMetrics.Metrics)) ? LabelErrors(searchSuspects) : null;
        return new(dataset.Spec.Name, Kept(wanted), report, _segments.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    private void Near(double near)
    {
        if (Duplicates.MostNear(dataset.Current) is var most && dataset.Current.Rows > most)
        {
            _problems.Warn("DATA034", $"near duplicates are looked for among {most} of {dataset.Current.Rows} rows, chosen by their content", "the share is that of these rows: rows whose near ones were not chosen do not count");
        }

        if (NearReading.Measure(connection, dataset.Current, near) is { } value)
        {
            _values.Add(value);
        }
    }

    private void Domain(RelationShape current, ReferenceShape reference)
    {
        if (DomainReading.Measure(connection, current, reference) is { } value)
        {
            _values.Add(value);
        }
        else
        {
            _problems.Warn("DATA032", $"{DomainClassifier.Name} has no number: the rows share too few features with {reference.Name}, or there are too few of them", "numbers, texts, and categories of at most 200 values");
        }
    }

    /// <summary>What serves is measured by its quality; whose labels can be repaired are the datasets that models learn from.</summary>
    private bool IsForLabelErrors => dataset.Spec.Split != DatasetSplit.Production && HasRoles(LabelErrorMetrics.Metrics);

    private void Reduce(Reduction reduction, bool searchSegments)
    {
        var shape = reduction.NeedsLabels ? dataset.Matured : dataset.Current;
        if (!reduction.Lacking(shape).IsEmpty)
        {
            return;
        }

        var rows = reduction.Plan(shape).SelectMany(query => connection.Query(query, Row)).Concat(InMemory(reduction.Columns(shape))).ToList();
        if (reduction is Confusions or ClassShares && rows.Count == 0)
        {
            _problems.Warn("DATA019", $"no labelled rows {(reduction is Confusions ? "with a prediction" : "")}".TrimEnd(), "its metrics on labels have no number");
        }

        foreach (var (text, allowed) in reduction.Silences(shape, rows))
        {
            _problems.Warn("DATA032", text, allowed);
        }

        _values.AddRange(reduction.Close(shape, rows));
        switch (reduction)
        {
            case ClassShares when rows.Count > 0:
                AbsentClasses(shape, rows);
                break;
            case Confusions when searchSegments && rows.Count > 0:
                var (label, prediction) = (Sql.Name(RelationShape.Label), Sql.Name(RelationShape.Prediction));
                Search("model_accuracy", shape, $"{label} is not null and {prediction} is not null", $"{label} <> {prediction}");
                break;
        }
    }

    /// <summary>One thread reads at a time; what is read is reduced beside it.</summary>
    private List<ReducedRow> InMemory(IEnumerable<ColumnPlan> plans)
    {
        var reading = new Lock();
        ColumnBlock Read(string query)
        {
            lock (reading)
            {
                return ColumnReading.Read(connection, query);
            }
        }

        return [.. plans.AsParallel().AsOrdered().WithDegreeOfParallelism(request.Analytics.Threads).SelectMany(plan => plan.Reduce([.. plan.Queries.Select(Read)]))];
    }

    private void AbsentClasses(RelationShape shape, List<ReducedRow> rows)
    {
        var absent = shape.Classes.Except(rows.Select(row => row.Key)).ToArray();
        if (absent.Length > 0)
        {
            _problems.Warn("DATA012", $"no row carries the class \"{string.Join("\", \"", absent)}\"", "its recall and the area under the curve have no number");
        }
    }

    private LabelErrorReport? LabelErrors(bool searchSegments)
    {
        var most = LabelErrorMetrics.RowsJudged(_monitor.ParametersOf(LabelErrorMetrics.Metrics));
        var loaded = LoadedRows.Load(connection, dataset.Matured, most);
        if (dataset.Matured.Rows > most)
        {
            _problems.Warn("DATA033", $"wrong labels are looked for among {loaded.Rows.Ids.Length} of {dataset.Matured.Rows} rows, chosen by their ids", "the numbers are those of these rows");
        }

        if (loaded.Rows.Labels.Distinct().Count() < 2)
        {
            _problems.Warn("DATA020", "label errors need rows of at least two classes", "they have no number");
            return null;
        }

        var confirmed = request.Confirmed.GetValueOrDefault(dataset.Spec.Name, ConfirmedRows.None).Among(connection, dataset, loaded.Rows.Ids);
        var report = LabelErrorReport.Of(loaded.Rows, dataset.Matured.Classes, confirmed, request.Neighbours);
        var counts = Count(loaded, report.Flagged.Select(suspect => suspect.Id).ToHashSet(StringComparer.Ordinal));
        _values.AddRange(LabelErrorMetrics.Close(report, counts.Where(segment => segment.Predicate.Length > 0)));
        if (searchSegments)
        {
            SearchSuspects(report);
        }

        return report;
    }

    /// <summary>Rows and suspects of each segment; the empty predicate stands for all rows.</summary>
    private static ImmutableArray<SegmentCounts> Count(LoadedRows loaded, HashSet<string> suspects) =>
        [.. loaded.Segments
            .SelectMany((segments, row) => segments.Prepend("").Select(segment => (segment, IsBad: suspects.Contains(loaded.Rows.Ids[row]))))
            .GroupBy(pair => pair.segment)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new SegmentCounts(group.Key, group.Count(), group.Count(pair => pair.IsBad)))];

    private void SearchSuspects(LabelErrorReport report)
    {
        connection.Run("create or replace temp table flagged (id varchar)");
        using (var appender = connection.CreateAppender("flagged"))
        {
            foreach (var suspect in report.Flagged)
            {
                appender.CreateRow().AppendValue(suspect.Id).EndRow();
            }
        }

        var rows = $"{Sql.LabelIndex(dataset.Matured.Classes)} is not null";
        Search(LabelErrorMetrics.Ratio, dataset.Matured, rows, $"{Sql.Name(RelationShape.Id)} in (select id from flagged)");
    }

    private void Search(string metric, RelationShape shape, string judged, string bad)
    {
        if (_monitor.SegmentSearch.Wants(metric))
        {
            var rows = SliceReading.Read(connection, shape, judged, bad);
            var segments = SegmentSearch.Find(rows, _monitor.SegmentSearch);
            _segments[metric] = segments;
            _values.AddRange(SegmentMetrics.Close(metric, segments, rows.Count));
        }
    }

    /// <summary>What was asked for and measured on enough rows; what a family brings along by the same pass is dropped.</summary>
    private ImmutableArray<MeasuredValue> Kept(WantedMetrics wanted)
    {
        var asked = _values.Where(value => wanted.Contains(value.Metric)).ToArray();
        var enough = asked.Where(value => value.Scope >= _monitor.MinRows || MetricCatalog.Find(value.Metric)!.CountsRows).ToImmutableArray();
        var few = asked.Except(enough).ToArray();
        if (few.Length > 0)
        {
            var names = few.Select(Shown).Distinct().Order(StringComparer.Ordinal).ToArray();
            var (least, most) = (few.Min(value => value.Scope), few.Max(value => value.Scope));
            var rows = least == most ? $"{least}" : $"{least} to {most}";
            _problems.Warn("DATA013", $"{rows} rows: no number for {Listed(names)}", $"the monitor's min_rows asks for {_monitor.MinRows}");
        }

        return enough;
    }

    private static string Shown(MeasuredValue value) =>
        value.Labels.FirstOrDefault(label => label.Name == "segment") is { Value: { } segment } ? $"segment {segment}" : value.Metric;

    private static string Listed(string[] names)
    {
        const int shown = 6;
        return names.Length <= shown ? string.Join(", ", names) : $"{string.Join(", ", names.Take(shown))} and {names.Length - shown} more";
    }

    private bool HasRoles(ImmutableArray<Metric> metrics) => metrics.SelectMany(metric => metric.Needs).All(dataset.Matured.Roles.Contains);

    private static ReducedRow Row(DuckDBDataReader reader) =>
        new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetDouble(4), reader.GetDouble(5));
}
