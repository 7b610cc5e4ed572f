using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Core.Monitors;

/// <summary>Compares the parameters of a monitor's metrics with those that the catalogue knows.</summary>
internal static class MetricParameterReader
{
    /// <param name="fields">The monitor file.</param>
    public static void Check(Fields fields)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        var entries = fields.Node("metrics") is YamlNode.Sequence metrics ? metrics.Items.OfType<YamlNode.Mapping>() : [];
        foreach (var entry in entries.Where(entry => entry.Fields.Length == 1).Select(entry => entry.Fields[0]))
        {
            if (!given.Add(entry.Name))
            {
                fields.Diagnostics.Error(entry.Place, "MON029", $"\"{entry.Name}\" is given parameters twice", "allowed: all of them in one entry");
            }

            var measured = MetricCatalog.Named(entry.Name);
            if (entry.Name != SegmentSearchReader.Family && !measured.IsEmpty && entry.Value is YamlNode.Mapping parameters)
            {
                Entry(entry.Name, parameters, [.. measured.SelectMany(metric => metric.Parameters).DistinctBy(parameter => parameter.Name)], fields.Diagnostics);
            }
        }
    }

    private static void Entry(string name, YamlNode.Mapping given, ImmutableArray<MetricParameter> known, DiagnosticList diagnostics)
    {
        var names = known.Select(parameter => parameter.Name).ToArray();
        foreach (var field in given.Fields)
        {
            if (known.FirstOrDefault(parameter => parameter.Name == field.Name) is { } parameter)
            {
                Value(parameter, field.Value, diagnostics);
            }
            else if (known.IsEmpty)
            {
                diagnostics.Error(field.Place, "MON027", $"\"{name}\" takes no parameters", $"allowed: \"{name}\" alone");
            }
            else
            {
                diagnostics.Error(field.Place, "MON027", $"\"{name}\" takes no parameter \"{field.Name}\"", $"allowed: {string.Join(", ", names)}", Nearest.To(field.Name, names));
            }
        }
    }

    private static void Value(MetricParameter parameter, YamlNode value, DiagnosticList diagnostics)
    {
        YamlNode[] items = parameter is MetricParameter.Names && value is YamlNode.Sequence { Items.Length: > 0 } list ? [.. list.Items] : [value];
        foreach (var item in items.Where(item => !parameter.Takes(item.ToJson())))
        {
            var shown = item is YamlNode.Scalar { IsNull: false } scalar ? $"\"{scalar.Text}\"" : item.Kind;
            var nearest = parameter is MetricParameter.Names names && item is YamlNode.Scalar text ? Nearest.To(text.Text, names.Known) : null;
            diagnostics.Error(item.Place, "MON028", $"{shown} is no value of \"{parameter.Name}\"", $"allowed: {parameter.Allowed}", nearest);
        }
    }
}
