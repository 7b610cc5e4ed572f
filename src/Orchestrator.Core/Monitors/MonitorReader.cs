using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>Reads a monitor file.</summary>
internal static partial class MonitorReader
{
    private const string ByAllowed = "allowed: a column, or quartiles(COLUMN)";

    [GeneratedRegex(@"^(?<function>[a-z_]+)\((?<column>[^()]+)\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Call();

    [GeneratedRegex("^[a-z][a-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex MetricName();

    public static Parsed<MonitorFile> Read(string path, string text)
    {
        var diagnostics = new DiagnosticList(path);
        var file = YamlFile.ReadMapping(path, text, diagnostics);
        return diagnostics.Result(file is null ? null : Read(file, Fields.Of(file.Root!, "the file", diagnostics)!));
    }

    private static MonitorFile? Read(YamlFile file, Fields fields)
    {
        var name = Names.Required(fields, "monitor", "MON001");
        var model = fields.Text("model");
        var schedule = MonitorSchedule.Read(fields);
        var datasets = Datasets(fields);
        var segments = Segments(fields);
        var metrics = Metrics(fields);
        var minRows = fields.Integer("min_rows", 1) ?? 30;
        MetricParameterReader.Check(fields);
        fields.Close();
        CheckReferences(datasets, file, fields.Diagnostics);
        return schedule is null ? null : new(name, model, schedule, datasets, segments, metrics, minRows, file) { SegmentSearch = SegmentSearchReader.Read(fields) };
    }

    private static ImmutableArray<DatasetSpec> Datasets(Fields fields)
    {
        fields.Required("datasets");
        var datasets = ImmutableArray.CreateBuilder<DatasetSpec>();
        foreach (var field in fields.Nested("datasets")?.All ?? [])
        {
            Names.Check(field.Name, field.Place, "MON001", fields.Diagnostics);
            if (DatasetReader.Read(field, fields.Diagnostics) is { } dataset)
            {
                datasets.Add(dataset);
            }
        }

        return datasets.ToImmutable();
    }

    private static void CheckReferences(ImmutableArray<DatasetSpec> datasets, YamlFile file, DiagnosticList diagnostics)
    {
        var names = datasets.Select(dataset => dataset.Name).ToList();
        foreach (var dataset in datasets.Where(dataset => dataset.Reference is not null))
        {
            var place = file.At("datasets", dataset.Name, "reference");
            var others = names.Where(name => name != dataset.Name).ToList();
            if (!others.Contains(dataset.Reference!))
            {
                diagnostics.Error(place, "MON006", $"reference \"{dataset.Reference}\" is no other dataset of this monitor", $"allowed: {List(others)}", Nearest.To(dataset.Reference!, others));
            }
        }
    }

    private static ImmutableArray<SegmentSpec> Segments(Fields fields)
    {
        var segments = ImmutableArray.CreateBuilder<SegmentSpec>();
        foreach (var item in fields.Items("segments"))
        {
            if (Segment(item, fields.Diagnostics) is not { } segment)
            {
                continue;
            }

            if (segments.Any(other => other.Name == segment.Name))
            {
                fields.Diagnostics.Error(item.Place, "MON007", $"segment \"{segment.Name}\" is given twice");
            }

            segments.Add(segment);
        }

        return segments.ToImmutable();
    }

    private static SegmentSpec? Segment(YamlNode node, DiagnosticList diagnostics)
    {
        if (node is YamlNode.Scalar { IsNull: false } scalar)
        {
            return new(scalar.Text, new SegmentBy.Values(scalar.Text));
        }

        if (Fields.Of(node, "a segment", diagnostics) is not { } fields)
        {
            return null;
        }

        var name = Names.Required(fields, "name", "MON001");
        var by = fields.RequiredText("by");
        fields.Close();
        return by.Length > 0 && By(by, fields) is { } rule ? new(name, rule) : null;
    }

    private static SegmentBy? By(string text, Fields fields)
    {
        var call = Call().Match(text);
        if (!call.Success && text.AsSpan().IndexOfAny('(', ')') < 0)
        {
            return new SegmentBy.Values(text);
        }

        if (call.Success && call.Groups["function"].Value == "quartiles")
        {
            return new SegmentBy.Quartiles(call.Groups["column"].Value.Trim());
        }

        var nearest = call.Success && Nearest.To(call.Groups["function"].Value, ["quartiles"]) is not null ? $"quartiles({call.Groups["column"].Value})" : null;
        fields.Diagnostics.Error(fields.At("by"), "MON008", $"\"{text}\" is no way to form segments", ByAllowed, nearest);
        return null;
    }

    private static ImmutableArray<MetricSpec> Metrics(Fields fields)
    {
        fields.Required("metrics");
        return [.. fields.Items("metrics").Select(item => Metric(item, fields.Diagnostics)).OfType<MetricSpec>()];
    }

    private static MetricSpec? Metric(YamlNode node, DiagnosticList diagnostics)
    {
        if (node is YamlNode.Mapping { Fields: [var only] })
        {
            var parameters = Fields.Of(node, "a metric", diagnostics)!.ValueMap(only.Name);
            return Metric(only.Name, only.Place, parameters, diagnostics);
        }

        if (node is YamlNode.Scalar { IsNull: false } scalar)
        {
            return Metric(scalar.Text, scalar.Place, ImmutableSortedDictionary<string, JsonElement>.Empty, diagnostics);
        }

        diagnostics.Error(node.Place, "YAML022", $"a metric is {node.Kind}", "allowed: a name, or {NAME: {PARAMETER: VALUE}}");
        return null;
    }

    private static MetricSpec? Metric(string name, Place place, ImmutableSortedDictionary<string, JsonElement> parameters, DiagnosticList diagnostics)
    {
        if (MetricName().IsMatch(name) && (name.Contains('_', StringComparison.Ordinal) || MonitorFile.Families.Contains(name)))
        {
            return new(name, parameters.WithComparers(StringComparer.Ordinal));
        }

        diagnostics.Error(place, "MON009", $"\"{name}\" is no family of metrics and no metric", $"allowed: {List(MonitorFile.Families)}, or a metric such as data_rows", Nearest.To(name, MonitorFile.Families));
        return null;
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "none, it is the only dataset";
}
