using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Turns the datasets of a monitor into relations; files are loaded once, also where a dataset is the reference of another.</summary>
public sealed class DatasetReading(DuckDBConnection connection, DatasetInputs inputs, ImmutableArray<MeasurementProblem>.Builder found)
{
    private readonly Dictionary<string, SourceTable?> _sources = [];
    private readonly QuartileEdges _edges = new(connection, inputs);

    /// <summary>Edges of segments that were not stored before.</summary>
    public ImmutableDictionary<EdgesKey, ImmutableArray<double>> MadeEdges => _edges.Made;

    /// <summary>Null where there is nothing to measure on; the problems say why.</summary>
    public PreparedDataset? Prepare(DatasetSpec authored)
    {
        var spec = inputs.Versions.ContainsKey(authored.Name) ? authored.AsVersion : authored;
        var problems = Problems(spec.Name);
        if (Source(spec) is not { } source)
        {
            return null;
        }

        var labels = spec.Labels is { } join ? Load($"labels of {spec.Name}", new(spec.Name, true), join.From, LabelTable.Texts(join), problems) : null;
        var joined = LabelTable.Join(connection, spec, labels, (inputs.At, $"known labels of {spec.Name}"), problems);
        try
        {
            return Prepare(spec, source, joined, problems);
        }
        catch (DuckDBException error) when (source.IsRead && FileFaults.AreOfFiles(error))
        {
            problems.Error("DATA005", $"{source.Shown} cannot be read: {FileFaults.Bare(source.Files.Keys, error.Message)}", FileFormat.Allowed, new SourcePart(spec.Name, false).Field(spec.From));
            return null;
        }
    }

    private PreparedDataset? Prepare(DatasetSpec spec, SourceTable source, string join, DatasetProblems problems)
    {
        var roles = ResolvedRoles.Of(spec, source, problems);
        var checks = new RowChecks(connection, source, problems, Origin(spec, roles));
        roles = roles with { Features = [.. roles.Features.Select(feature => Repaired(feature, checks))], Embedding = EmbeddingColumns.Of(connection, spec, source, problems) };
        var label = join.Length > 0 ? $"l.{Sql.Name(RelationShape.Label)}" : roles.Label is { } column ? PreparedColumns.Stored(column) : null;
        var columns = new PreparedColumns(roles, Labels(roles, label, (source, join)), inputs.Model?.Task, label);
        checks.Check(columns, join);
        if (join.Length > 0)
        {
            LabelTable.Compare(connection, spec, (source, roles.Time is null ? null : columns.Time, $"known labels of {spec.Name}"), problems);
        }

        var edges = Edges(spec, source);
        var labelled = (label, $"{Sql.Name(source.Name)} r {join}");
        var segments = Segments(inputs.Monitor.Segments, (spec, labelled), (source, edges), problems);
        var slices = Segments(SliceColumns.Of(connection, inputs.Monitor, roles.Features, edges.Table), (spec, labelled), (source, edges), problems);
        Create(spec, source, columns, (join, [.. Named(segments, RelationShape.Segment), .. Named(slices, RelationShape.Slice)], checks.HasRepeatedIds));
        if (source.Changed is { } changed)
        {
            problems.Error("DATA057", $"{changed} changed while it was read", "a file is replaced as a whole; the next measurement reads the new one", new SourcePart(spec.Name, false).Field(spec.From));
            return null;
        }

        columns = roles.Embedding?.Check(connection, $"rows of {spec.Name}", problems) == false ? columns with { Roles = roles with { Embedding = null } } : columns;
        var shape = Shape(spec, columns, segments) with { Slices = [.. slices.Select(slice => slice.Spec.Name)] };
        return new(spec, source, InView(shape, spec, "current"), InView(shape, spec, "matured"), [.. segments.Select(segment => segment.Spec)]);
    }

    /// <summary>What rows are called whose file the author does not know.</summary>
    private (string File, string Id)? Origin(DatasetSpec spec, ResolvedRoles roles) => (roles.Id, spec.From) switch
    {
        ({ } id, DataLocation.Files files) when inputs.Versions.ContainsKey(spec.Name) => (files.Path, id),
        ({ } id, DataLocation.Query) => ("the query's", id),
        ({ } id, DataLocation.Push) => ("the pushed", id),
        _ => null,
    };

    private static FeatureShape Repaired(FeatureShape feature, RowChecks checks) =>
        feature.Type == FeatureType.Category && checks.IsSpoiltNumber(feature.Name) ? feature with { Type = FeatureType.FloatingPoint } : feature;

    private LabelSet Labels(ResolvedRoles roles, string? label, (SourceTable Table, string Join) rows)
    {
        var named = new[] { label, roles.Prediction is { } prediction ? PreparedColumns.Stored(prediction) : null }.OfType<string>();
        var occurring = named.SelectMany(column =>
            connection.Query($"select distinct {column} from {Sql.Name(rows.Table.Name)} r {rows.Join} where {column} is not null", reader => reader.GetString(0)));
        return LabelSet.Of(inputs.Model?.Task, roles.Scores.Keys, [.. occurring]);
    }

    /// <summary>The rows whose values give the edges of quartiles: those of the reference, or its own.</summary>
    private EdgeRows Edges(DatasetSpec spec, SourceTable source)
    {
        var giving = spec.Reference is { } name ? inputs.Monitor.Datasets.First(dataset => dataset.Name == name) : spec;
        return Source(giving) is { } table ? new(giving, table, true) : new(giving, source, false);
    }

    private ImmutableArray<SegmentColumn> Segments(
        ImmutableArray<SegmentSpec> segments, (DatasetSpec Spec, (string? Label, string Rows) Labels) of, (SourceTable Rows, EdgeRows Edges) tables, DatasetProblems problems)
    {
        var columns = new SegmentColumns(connection, _edges, of.Spec.Name, problems);
        return [.. segments
            .Select(segment => IsByLabel(of.Spec, segment) ? columns.OfLabel(segment, of.Labels.Label, of.Labels.Rows) : columns.Of(segment, tables.Rows, tables.Edges))
            .OfType<SegmentColumn>()];
    }

    private static IEnumerable<string> Named(ImmutableArray<SegmentColumn> segments, Func<int, string> column) =>
        segments.Select((segment, i) => $"{segment.Sql} as {Sql.Name(column(i))}");

    private static bool IsByLabel(DatasetSpec spec, SegmentSpec segment) => segment.By is SegmentBy.Values && segment.By.Column == spec.Labels?.Label;

    private void Create(DatasetSpec spec, SourceTable source, PreparedColumns columns, (string Join, string[] Segments, bool Distinct) sql)
    {
        var id = columns.Roles.Id is { } column ? PreparedColumns.Stored(column) : null;
        var content = source.Columns.Select(stored => $"r.{Sql.Name(stored.Name)}");
        var distinct = id is null || !sql.Distinct ? "" : $"qualify row_number() over (partition by {id} order by {string.Join(", ", content)}) = 1";
        connection.Run($"""
            create table {Sql.Name($"rows of {spec.Name}")} as select {string.Join(", ", columns.All().Concat(sql.Segments))}
            from {Sql.Name(source.Name)} r {sql.Join} {(id is null ? "" : $"where {id} is not null")} {distinct}
            """);
        CreateView(spec, "current", columns, TimeSpan.Zero);
        CreateView(spec, "matured", columns, spec.Labels?.Delay ?? TimeSpan.Zero);
    }

    /// <summary>Rows of (T − delay − window, T − delay]; all of them where there is no window.</summary>
    private void CreateView(DatasetSpec spec, string name, PreparedColumns columns, TimeSpan delay)
    {
        var time = Sql.Name(RelationShape.Time);
        var until = (inputs.At - delay).ToMicros();
        var inside = spec.Window is { } window && columns.Roles.Time is not null ? $"{time} > {until - window.ToMicros()} and {time} <= {until}" : "true";
        connection.Run($"create view {Sql.Name(View(spec, name))} as select * from {Sql.Name($"rows of {spec.Name}")} where {inside}");
    }

    private RelationShape InView(RelationShape shape, DatasetSpec spec, string name) =>
        shape with { Table = View(spec, name), Rows = connection.Count($"select count(*) from {Sql.Name(View(spec, name))}") };

    private static string View(DatasetSpec spec, string name) => $"{name} rows of {spec.Name}";

    private RelationShape Shape(DatasetSpec spec, PreparedColumns columns, ImmutableArray<SegmentColumn> segments) =>
        new("", columns.Roles.Features, columns.Labels.Classes, columns.Labels.Positive, [.. segments.Select(segment => segment.Spec.Name)], [.. Filled(spec, columns).Where(role => role.IsFilled).Select(role => role.Role)])
        {
            SegmentParts = [.. segments.Select(segment => segment.Parts)],
            AllRows = $"rows of {spec.Name}",
            At = inputs.At,
            Window = columns.Roles.Time is null ? null : spec.Window,
            TrainedAt = inputs.Champion?.TrainedAt,
            SystemColumns = columns.Roles.System,
            EmbeddingWidth = columns.Roles.Embedding?.Width ?? 0,
        };

    private IEnumerable<(string Role, bool IsFilled)> Filled(DatasetSpec spec, PreparedColumns columns)
    {
        var roles = columns.Roles;
        var (isNumeric, hasLabel, hasPrediction) = (columns.IsRegression, columns.Label is not null || spec.Labels is not null, columns.HasPrediction);
        return
        [
            ("id", roles.Id is not null), ("time", roles.Time is not null), ("features", !roles.Features.IsEmpty), ("embedding", roles.Embedding is not null),
            (RelationShape.Comparable, !roles.Features.IsEmpty || roles.Embedding is not null), ("scores", columns.HasScores),
            ("label", hasLabel && !isNumeric), (RelationShape.NumericLabel, hasLabel && isNumeric), (RelationShape.AnyLabel, hasLabel),
            ("prediction", hasPrediction && !isNumeric), (RelationShape.NumericPrediction, hasPrediction && isNumeric), (RelationShape.AnyPrediction, hasPrediction),
            ("latency", roles.Latency is not null), ("error", roles.Error is not null), (RelationShape.OfSystem, roles.Latency is not null || !roles.System.IsEmpty),
            (RelationShape.PredictionLog, roles.Latency is not null || roles.Error is not null || (spec.Split == DatasetSplit.Production && hasPrediction)),
            (RelationShape.Champion, inputs.Champion is not null),
        ];
    }

    private SourceTable? Source(DatasetSpec spec)
    {
        if (!_sources.TryGetValue(spec.Name, out var table))
        {
            table = Load($"stored {spec.Name}", new(spec.Name, false), spec.From, ResolvedRoles.Texts(spec), Problems(spec.Name));
            _sources.Add(spec.Name, table);
        }

        return table;
    }

    private SourceTable? Load(string table, SourcePart part, DataLocation from, ImmutableArray<string> texts, DatasetProblems problems)
    {
        if (!part.IsLabels && inputs.Versions.GetValueOrDefault(part.Dataset) is { } version)
        {
            return SourceTable.Load(connection, new(table, [version], Path.GetFileName(version), part.Field(from), texts) { IsView = true }, problems);
        }

        return inputs.Sources.Find(part, from, problems) is { } rows ? SourceTable.Load(connection, rows.Into(table, texts) with { IsView = true }, problems) : null;
    }

    private DatasetProblems Problems(string dataset) => new(inputs.Monitor.Source, dataset, found);
}
