using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Reads the authored rows of a versioned dataset; where labels come from another place, the rows of the window whose label has had its time to arrive.</summary>
internal sealed class VersionImport
{
    private readonly DatasetSpec _spec;
    private readonly FoundRows _rows;
    private readonly FoundRows? _labels;

    private VersionImport(DatasetSpec spec, FoundRows rows, FoundRows? labels) => (_spec, _rows, _labels) = (spec, rows, labels);

    /// <summary>Whether the rows are the same as long as the files are: not where labels mature with time, nor where files were made from something else.</summary>
    public bool FollowsFiles => _labels is null && _spec.From is DataLocation.Files;

    /// <summary>Null where rows or labels are not there.</summary>
    public static VersionImport? Find(VersionSource source, DatasetProblems problems)
    {
        var spec = source.Spec;
        var rows = source.Sources.Find(new(spec.Name, false), spec.From, problems);
        var labels = spec.Labels is { } join ? source.Sources.Find(new(spec.Name, true), join.From, problems) : null;
        return rows is null || (spec.Labels is not null && labels is null) ? null : new(spec, rows, labels);
    }

    /// <summary>Hash of names and content of the files.</summary>
    public async Task<string> FingerprintAsync(CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in _rows.Files.Concat(_labels?.Files ?? []))
        {
            await using var file = File.OpenRead(path);
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(path) + "\0"));
            hash.AppendData(await SHA256.HashDataAsync(file, cancellation));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Null, and a problem, where there are no rows that a version could be made of.</summary>
    public VersionTable? Load(AnalyticsOptions options, DateTimeOffset at, DatasetProblems problems)
    {
        var connection = Analytics.Open(options);
        var loaded = SourceTable.Load(connection, _rows.Into("authored", ResolvedRoles.Texts(_spec)), problems);
        var roles = loaded is null ? null : ResolvedRoles.Of(_spec, loaded, problems);
        var table = loaded is null || roles is null || Lacks(roles) ? null : Table(connection, loaded, roles, (at, problems));
        if (table is null)
        {
            connection.Dispose();
        }

        return table;
    }

    /// <summary>A version without the id or label that its author names would be no version of this dataset.</summary>
    private bool Lacks(ResolvedRoles roles) =>
        (_spec.Roles.Id is not null && roles.Id is null) || (_spec.Roles.Label is not null && roles.Label is null);

    private VersionTable? Table(DuckDBConnection connection, SourceTable rows, ResolvedRoles roles, (DateTimeOffset At, DatasetProblems Problems) run)
    {
        if (_spec.Labels is not { } join || _labels is null)
        {
            return VersionTable.OfQuery(connection, $"select * exclude (\"@file\", \"@row\") from {Sql.Name(rows.Name)}", [rows], (roles.Id, roles.Label));
        }

        var labels = SourceTable.Load(connection, _labels.Into("authored labels", LabelTable.Texts(join)), run.Problems);
        var joined = LabelTable.Join(connection, _spec, labels, (run.At, "known labels"), run.Problems);
        if (labels is null || joined.Length == 0)
        {
            return null;
        }

        string[] hidden = ["@file", "@row", .. rows.Names.Where(name => name == join.Label)];
        var select = $"""
            select r.* exclude ({string.Join(", ", hidden.Select(Sql.Name))}), l.{Sql.Name(RelationShape.Label)} as {Sql.Name(join.Label)}
            from {Sql.Name(rows.Name)} r {joined} where l.{Sql.Name(RelationShape.Label)} is not null and {Inside(roles, join, run.At)}
            """;
        return Filled(VersionTable.OfQuery(connection, select, [rows, labels], (roles.Id, join.Label)), run.Problems);
    }

    /// <summary>Rows of (T − delay − window, T − delay], or all until then.</summary>
    private string Inside(ResolvedRoles roles, LabelJoin join, DateTimeOffset at)
    {
        if (roles.Time is not { } time)
        {
            return "true";
        }

        var instant = $"epoch_us(try_cast(r.{Sql.Name(time)} as timestamptz))";
        var until = (at - join.Delay).ToMicros();
        return _spec.Window is { } window ? $"{instant} > {until - window.ToMicros()} and {instant} <= {until}" : $"{instant} <= {until}";
    }

    private static VersionTable? Filled(VersionTable table, DatasetProblems problems)
    {
        if (table.Count > 0)
        {
            return table;
        }

        problems.Warn("DATA030", "no row has a label yet that had its time to arrive", "a version is made of labelled rows", "labels");
        return null;
    }
}
