using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>What is wrong with a template, at a 0-based offset of its text.</summary>
public sealed record TemplateError(int Offset, string Text, string? Allowed = null, string? Nearest = null);

/// <summary>What a template may speak of: the alert's value and the labels of the sample behind it.</summary>
public sealed record TemplateData(Labels Labels, double Value);

/// <summary>A text with <c>{{ … }}</c> parts, in the notation of Prometheus's alert templates, without control flow.</summary>
public sealed partial class Template
{
    private readonly ImmutableArray<TemplatePart> _parts;

    private Template(string text, ImmutableArray<TemplatePart> parts)
    {
        Text = text;
        _parts = parts;
    }

    public string Text { get; }

    /// <summary>Whether it renders the same for any value of an alert.</summary>
    public bool IsOfLabelsOnly => LabelsOnly().IsMatch(Text);

    /// <summary>Whether it renders the same at any time for the same labels and value: it does not ask for series.</summary>
    public bool IsOfAlertOnly => !Text.Contains("query", StringComparison.Ordinal);

    /// <summary>The template; none, with what is wrong, where it cannot be rendered.</summary>
    public static (Template? Value, ImmutableArray<TemplateError> Errors) Parse(string text)
    {
        var reader = new TemplateReader(text);
        var parts = reader.Read();
        return reader.Errors.Count == 0 ? (new Template(text, parts), []) : (null, [.. reader.Errors]);
    }

    /// <summary>The text for an alert; a part that cannot be rendered says so in Prometheus's words.</summary>
    public string Render(TemplateData data)
    {
        var text = new StringBuilder();
        try
        {
            foreach (var part in _parts)
            {
                text.Append(part.Literal ?? GoFormat.Print(part.Pipeline!.Evaluate(data)));
            }
        }
        catch (TemplateException exception)
        {
            return $"<error expanding template: {exception.Message}>";
        }

        return text.ToString();
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

    [GeneratedRegex(@"^(?:[^{]|\{(?!\{)|\{\{-?\s*\$labels\.[A-Za-z_]\w*\s*-?\}\})*$", RegexOptions.CultureInvariant)]
    private static partial Regex LabelsOnly();

    private static string Rendered(string text, TemplateData data) => Parse(text).Value?.Render(data) ?? text;
}

/// <summary>A literal stretch of a template, or a pipeline.</summary>
internal sealed record TemplatePart(string? Literal, TemplatePipeline? Pipeline);

/// <summary>Ends the rendering of one template; never leaves <see cref="Template.Render(TemplateData)"/>.</summary>
internal sealed class TemplateException(string message) : Exception(message);
