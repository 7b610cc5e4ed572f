using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>What is wrong with a template, at a 0-based offset of its text.</summary>
public sealed record TemplateError(int Offset, string Text, string? Allowed = null, string? Nearest = null);

/// <summary>What a template may speak of: the alert's value and the labels of the sample behind it.</summary>
public sealed record TemplateData(Labels Labels, double Value)
{
    /// <summary><c>$externalLabels</c>.</summary>
    public Labels ExternalLabels { get; init; } = Labels.Empty;

    /// <summary><c>$externalURL</c>.</summary>
    public string ExternalUrl { get; init; } = "";

    /// <summary>The instant of the evaluation, in microseconds since the epoch.</summary>
    public long Now { get; init; }

    /// <summary>What <c>query</c> asks: the samples of an expression at that instant; throws <see cref="TemplateException"/> where it cannot be evaluated.</summary>
    internal Func<string, ImmutableArray<VectorSample>>? Query { get; init; }
}

/// <summary>A text with <c>{{ … }}</c> parts, in the notation of Prometheus's alert templates.</summary>
public sealed class Template
{
    private readonly TemplateTree _tree;

    private Template(string text, TemplateTree tree)
    {
        Text = text;
        _tree = tree;
    }

    public string Text { get; }

    /// <summary>Whether it asks for series of its own.</summary>
    public bool Queries => _tree.Functions.Contains("query");

    /// <summary>Whether it renders the same at any time for the same labels and value: it asks neither for series nor for the time.</summary>
    public bool IsOfAlertOnly => !Queries && !_tree.Functions.Contains("now");

    /// <summary>Whether it renders the same for any value of an alert: it has nothing but text and labels.</summary>
    public bool IsOfLabelsOnly => _tree.Nodes.All(node => node is TemplateNode.Literal or TemplateNode.Action
    {
        Pipeline: { Variables.IsEmpty: true, Commands: [{ Function: null, Operands: [TemplateOperand.Field { Of: TemplateOperand.Variable { Name: "$labels" } }] }] },
    });

    /// <summary>The template; none, with what is wrong, where it cannot be rendered.</summary>
    public static (Template? Value, ImmutableArray<TemplateError> Errors) Parse(string text)
    {
        var reader = new TemplateReader(text);
        var tree = reader.Read();
        return reader.Errors.Count == 0 ? (new Template(text, tree), []) : (null, [.. reader.Errors.OrderBy(error => error.Offset)]);
    }

    /// <summary>The text for an alert; where it cannot be rendered it says so in Prometheus's words, with line and column.</summary>
    public string Render(TemplateData data)
    {
        var run = new TemplateRun(_tree, data);
        try
        {
            return run.Render();
        }
        catch (TemplateException exception)
        {
            var before = Text.AsSpan(0, Math.Min(run.Offset, Text.Length));
            return $"<error expanding template: {before.Count('\n') + 1}:{before.Length - before.LastIndexOf('\n')}: {exception.Message}>";
        }
    }

    /// <summary>A JSON value with every text in it rendered.</summary>
    public static JsonElement Render(JsonElement value, TemplateData data) => value.ValueKind switch
    {
        JsonValueKind.String => JsonSerializer.SerializeToElement(Rendered(value.GetString()!, data)),
        JsonValueKind.Array => JsonSerializer.SerializeToElement(value.EnumerateArray().Select(item => Render(item, data))),
        JsonValueKind.Object => JsonSerializer.SerializeToElement(value.EnumerateObject().ToDictionary(field => field.Name, field => Render(field.Value, data))),
        _ => value,
    };

    public override string ToString() => Text;

    private static string Rendered(string text, TemplateData data) => Parse(text).Value?.Render(data) ?? text;
}

/// <summary>Ends the rendering of one template; never leaves <see cref="Template.Render(TemplateData)"/>.</summary>
internal sealed class TemplateException(string message) : Exception(message);
