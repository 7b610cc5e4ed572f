using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Core.Monitors;

/// <summary>Reads how a monitor searches segments: the parameters of its entry <c>segments</c>.</summary>
internal static class SegmentSearchReader
{
    public const string Family = "segments";

    private const int MostConditions = 3;

    private static readonly ImmutableArray<string> Features = ["declared", "auto"];
    private static readonly ImmutableArray<string> Metrics = ["model_accuracy", LabelErrorMetrics.Ratio];

    /// <param name="fields">The monitor file.</param>
    public static SegmentSearchOptions Read(Fields fields)
    {
        var entries = fields.Node("metrics") is YamlNode.Sequence metrics ? metrics.Items.OfType<YamlNode.Mapping>() : [];
        var parameters = entries.Where(entry => entry.Fields is [{ Name: Family }]).Select(entry => entry.Fields[0].Value).OfType<YamlNode.Mapping>().FirstOrDefault();
        return parameters is null ? SegmentSearchOptions.Default : Options(Fields.Of(parameters, Family, fields.Diagnostics)!);
    }

    private static SegmentSearchOptions Options(Fields fields)
    {
        var options = SegmentSearchOptions.Default with
        {
            AllFeatures = fields.Text("features") is { } features && Allowed(fields, "features", features, Features) == "auto",
            Depth = fields.Integer("depth", 1, MostConditions) ?? SegmentSearchOptions.Default.Depth,
            MinimumRows = fields.Integer("min_rows", 2) ?? SegmentSearchOptions.Default.MinimumRows,
            By = [.. fields.Texts("by").Select(metric => Allowed(fields, "by", metric, Metrics))],
        };
        fields.Close();
        return options;
    }

    private static string Allowed(Fields fields, string field, string value, ImmutableArray<string> allowed)
    {
        if (!allowed.Contains(value))
        {
            fields.Diagnostics.Error(fields.At(field), "MON026", $"\"{value}\" is no choice of \"{field}\"", $"allowed: {string.Join(", ", allowed)}", Nearest.To(value, allowed));
        }

        return value;
    }
}
