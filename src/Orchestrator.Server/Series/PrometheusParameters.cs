using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Server.Series;

/// <summary>The parameters of a request to Prometheus's query API, from its address and its form; what is wrong with one is said in Prometheus's words.</summary>
internal sealed class PrometheusParameters
{
    private static readonly DateTimeOffset _earliest = new(1, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, StringValues> _values;

    private PrometheusParameters(Dictionary<string, StringValues> values)
    {
        _values = values;
    }

    public static async Task<PrometheusParameters> ReadAsync(HttpRequest request)
    {
        var values = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        if (request.HasFormContentType)
        {
            foreach (var (name, more) in await request.ReadFormAsync(request.HttpContext.RequestAborted))
            {
                values[name] = StringValues.Concat(more, values.GetValueOrDefault(name));
            }
        }

        return new PrometheusParameters(values);
    }

    public string? Text(string name) => _values.GetValueOrDefault(name) is [{ Length: > 0 } first, ..] ? first : null;

    public ImmutableArray<string> Texts(string name) => [.. _values.GetValueOrDefault(name).OfType<string>()];

    /// <summary>Microseconds of an instant that is given as Unix seconds or by RFC 3339.</summary>
    public long? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 1e11)
        {
            return (long)Math.Round(seconds * 1000) * 1000;
        }

        return text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && instant > _earliest
            ? instant.ToMicros()
            : throw Bad(name, $"cannot parse \"{text}\" to a valid timestamp");
    }

    public long RequiredTime(string name) => Time(name) ?? throw Bad(name, "cannot parse \"\" to a valid timestamp");

    /// <summary>Microseconds of a length of time that is given in seconds or in Prometheus's notation.</summary>
    public long? Span(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 1e10)
        {
            return (long)Math.Round(seconds * Timestamp.PerSecond);
        }

        return Duration.Parse(text) is { } span ? span.ToMicros() : throw Bad(name, $"cannot parse \"{text}\" to a valid duration");
    }

    /// <summary>How many results are wanted at most; all where none or 0 is given.</summary>
    public int Limit(string name = "limit") => Text(name) is not { } text ? int.MaxValue
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? (limit == 0 ? int.MaxValue : limit)
        : throw Bad(name, $"cannot parse \"{text}\" to a limit of 0 or more");

    public ParsedExpression Query()
    {
        var text = Text("query") ?? "";
        var parsed = ExpressionText.Parse(text);
        return parsed.Root is null ? throw Bad("query", Located(text, parsed.Errors[0])) : parsed;
    }

    /// <summary>Selectors of series, as matchers each.</summary>
    public ImmutableArray<ImmutableArray<Matcher>> Selectors() => [.. Texts("match[]").Select(text =>
    {
        var parsed = ExpressionText.Parse(text);
        return parsed.Root switch
        {
            null => throw Bad("match[]", Located(text, parsed.Errors[0])),
            Expr.Selector { Shift: var shift } selector when shift == default => selector.Matchers,
            _ => throw Bad("match[]", "only a selector without modifiers can be a series selector"),
        };
    })];

    public static PrometheusException Bad(string name, string text) => new(PrometheusError.BadData, $"invalid parameter \"{name}\": {text}");

    /// <summary>Line and column of a place, from 1.</summary>
    public static string Place(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Min(offset, text.Length));
        var line = before.Count('\n') + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{line}:{before.Length - before.LastIndexOf('\n')}");
    }

    private static string Located(string text, ExpressionError error)
    {
        var nearest = error.Nearest is null ? "" : $"; did you mean {error.Nearest}?";
        return $"{Place(text, error.Offset)}: parse error: {error.Text}{nearest}";
    }
}
