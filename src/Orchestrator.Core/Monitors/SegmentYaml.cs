using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Monitors;

/// <summary>Writes segments as the field <c>segments</c> of a monitor takes them.</summary>
public static partial class SegmentYaml
{
    private static readonly JsonSerializerOptions _quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A letter first: what begins with a digit may be read as a number.
    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    [GeneratedRegex("^(?:y|n|yes|no|on|off|true|false|null)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Meaning();

    [GeneratedRegex("[^A-Za-z0-9_.-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Foreign();

    public static string Write(IEnumerable<SegmentSpec> segments) => $"segments:\n{string.Concat(segments.Select(segment => $"  - {Entry(segment)}\n"))}";

    private static string Entry(SegmentSpec segment) => segment.By switch
    {
        SegmentBy.Values values when values.Column == segment.Name => Scalar(segment.Name),
        SegmentBy.Values values => $"{{name: {Scalar(Name(segment.Name))}, by: {Scalar(values.Column)}}}",
        SegmentBy.Quartiles quartiles => $"{{name: {Scalar(Name(segment.Name))}, by: {(Plain().IsMatch(quartiles.Column) ? $"quartiles({quartiles.Column})" : Quoted($"quartiles({quartiles.Column})"))}}}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A column may be called anything, a segment may not.</summary>
    private static string Name(string text) => Foreign().Replace(text, "-").TrimStart('-', '.', '_') is { Length: > 0 } name ? name[..Math.Min(100, name.Length)] : "segment";

    private static string Scalar(string text) => Plain().IsMatch(text) && !Meaning().IsMatch(text) ? text : Quoted(text);

    private static string Quoted(string text) => JsonSerializer.Serialize(text, _quoting);
}
