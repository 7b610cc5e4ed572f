using System.Collections.Immutable;
using System.IO.Enumeration;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The roles of a dataset, each tied to columns that exist; a role whose column is missing is absent here and a problem there.</summary>
/// <param name="Label">The column of the rows themselves; absent where labels come from another place.</param>
/// <param name="Scores">Column by class.</param>
public sealed record ResolvedRoles(
    string? Id, string? Label, string? Time, string? Prediction, ImmutableSortedDictionary<string, string> Scores, ImmutableArray<FeatureShape> Features, LatencyColumn? Latency)
{
    public string? Error { get; init; }

    public string? ModelVersion { get; init; }

    /// <summary>Columns about the serving system that hold numbers.</summary>
    public ImmutableArray<string> System { get; init; } = [];

    /// <summary>Absent where the dataset has none.</summary>
    public EmbeddingColumns? Embedding { get; init; }

    /// <summary>Columns that hold names, whatever they look like.</summary>
    public static ImmutableArray<string> Texts(DatasetSpec spec) =>
        [.. new[] { spec.Roles.Id, spec.Roles.Label, spec.Roles.Prediction, spec.Roles.Text, spec.Labels?.Join }.OfType<string>().Distinct()];

    public static ResolvedRoles Of(DatasetSpec spec, SourceTable table, DatasetProblems problems)
    {
        var roles = spec.Roles;
        string? Column(string? column, string role)
        {
            if (column is not null && table.Find(column) is null)
            {
                problems.Nearest("DATA006", $"column \"{column}\" is missing, the role \"{role}\" names it", table.Names, column, "roles", role);
                return null;
            }

            return column;
        }

        _ = Column(roles.Text, "text");
        var latency = Column(roles.Latency?.Column, "latency") is null ? null : roles.Latency;
        return new(
            Column(roles.Id, "id"), Column(roles.Label, "label"), Column(roles.Time, "time"), Column(roles.Prediction, "prediction"),
            ScoreColumnsOf(roles.Scores, table, problems), FeaturesOf(spec, table, problems), latency)
        {
            Error = Column(roles.Error, "error"),
            ModelVersion = Column(roles.ModelVersion, "model_version"),
            System = [.. roles.System.Where(column => Column(column, "system") is not null && table.Find(column)!.IsNumber)],
        };
    }

    private static ImmutableSortedDictionary<string, string> ScoreColumnsOf(ScoreColumns? scores, SourceTable table, DatasetProblems problems)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (scores is ScoreColumns.Pattern pattern)
        {
            var star = pattern.Columns.IndexOf('*', StringComparison.Ordinal);
            foreach (var column in table.Names.Where(column => Matches(pattern.Columns, column)))
            {
                found[column[star..(column.Length - (pattern.Columns.Length - star - 1))]] = column;
            }

            NoneMatches(found.Count, pattern.Columns, "scores", table, problems);
        }

        foreach (var (name, column) in (scores as ScoreColumns.ByClass)?.Columns ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            if (table.Find(column) is null)
            {
                problems.Nearest("DATA006", $"column \"{column}\" is missing, it scores the class \"{name}\"", table.Names, column, "roles", "scores", name);
                return ImmutableSortedDictionary<string, string>.Empty;
            }

            found[name] = column;
        }

        return found.ToImmutable();
    }

    private static ImmutableArray<FeatureShape> FeaturesOf(DatasetSpec spec, SourceTable table, DatasetProblems problems)
    {
        foreach (var pattern in spec.Roles.Features)
        {
            NoneMatches(table.Names.Count(column => Matches(pattern, column)), pattern, "features", table, problems);
        }

        var taken = Taken(spec);
        return [.. table.Columns
            .Where(column => !column.IsListOfNumbers || spec.Roles.Embedding is null || !Matches(spec.Roles.Embedding, column.Name))
            .Where(column => column.Name == spec.Roles.Text || (spec.Roles.Features.IsEmpty ? !taken.Any(pattern => Matches(pattern, column.Name)) : spec.Roles.Features.Any(pattern => Matches(pattern, column.Name))))
            .Select(column => new FeatureShape(column.Name, column.Name == spec.Roles.Text ? FeatureType.Text : TypeOf(column)))];
    }

    private static void NoneMatches(int count, string pattern, string role, SourceTable table, DatasetProblems problems)
    {
        if (count == 0)
        {
            problems.Nearest("DATA006", $"no column matches \"{pattern}\", the role \"{role}\" names it", table.Names, pattern, "roles", role);
        }
    }

    /// <summary>Columns with another role are no features by default.</summary>
    private static List<string> Taken(DatasetSpec spec)
    {
        var roles = spec.Roles;
        var single = new[]
        {
            roles.Id, roles.Label, roles.Time, roles.Prediction, roles.ModelVersion, roles.Error, roles.Latency?.Column, roles.Text, roles.Embedding, spec.Labels?.Join,
            (roles.Scores as ScoreColumns.Pattern)?.Columns,
        };
        return [.. single.OfType<string>(), .. (roles.Scores as ScoreColumns.ByClass)?.Columns.Values ?? [], .. roles.System, .. roles.Ignore];
    }

    internal static bool Matches(string pattern, string column) => FileSystemName.MatchesSimpleExpression(pattern, column, ignoreCase: false);

    private static FeatureType TypeOf(SourceColumn column) =>
        column.IsWhole ? FeatureType.WholeNumber : column.IsNumber ? FeatureType.FloatingPoint : FeatureType.Category;
}
