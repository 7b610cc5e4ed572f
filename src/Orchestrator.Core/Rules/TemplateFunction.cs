using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Rules;

/// <summary>A function of templates, as Prometheus documents it.</summary>
internal sealed record TemplateFunction(string Name, int Min, int Max, Func<ImmutableArray<TemplateValue>, TemplateValue> Call)
{
    private static readonly string[] Large = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
    private static readonly string[] LargeBinary = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
    private static readonly string[] Small = ["m", "u", "n", "p", "f", "a", "z", "y"];

    public static readonly ImmutableArray<TemplateFunction> All =
    [
        OnNumber("humanize", Humanize),
        OnNumber("humanize1024", Humanize1024),
        OnNumber("humanizeDuration", HumanizeDuration),
        OnNumber("humanizePercentage", value => GoFormat.General(value * 100, 4) + "%"),
        OnNumber("humanizeTimestamp", HumanizeTimestamp),
        OnText("title", Title),
        OnText("toUpper", text => text.ToUpperInvariant()),
        OnText("toLower", text => text.ToLowerInvariant()),
        OnText("stripPort", text => StripPort(text)),
        new("match", 2, 2, arguments => new TemplateValue.Flag(Expression(arguments[0].ToText()).IsMatch(arguments[1].ToText()))),
        new("reReplaceAll", 3, 3, arguments => new TemplateValue.Text(ReplaceAll(arguments[0].ToText(), arguments[1].ToText(), arguments[2].ToText()))),
        new("printf", 1, int.MaxValue, arguments => new TemplateValue.Text(GoPrintf.Format(arguments[0].ToText(), arguments[1..]))),
        new("print", 1, int.MaxValue, arguments => new TemplateValue.Text(string.Concat(arguments.Select(GoFormat.Print)))),
    ];

    public static string Names { get; } = string.Join(", ", All.Select(function => function.Name));

    public static TemplateFunction? Find(string name) => All.FirstOrDefault(function => function.Name == name);

    private static TemplateFunction OnNumber(string name, Func<double, string> call) =>
        new(name, 1, 1, arguments => new TemplateValue.Text(call(arguments[0].ToNumber())));

    private static TemplateFunction OnText(string name, Func<string, string> call) =>
        new(name, 1, 1, arguments => new TemplateValue.Text(call(arguments[0].ToText())));

    private static string Humanize(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return GoFormat.General(value, 4);
        }

        return Math.Abs(value) >= 1 ? Divided(value, 1000, Large) : Multiplied(value);
    }

    private static string Humanize1024(double value) =>
        Math.Abs(value) <= 1 || !double.IsFinite(value) ? GoFormat.General(value, 4) : Divided(value, 1024, LargeBinary);

    private static string Divided(double value, double by, string[] prefixes)
    {
        var prefix = "";
        foreach (var next in prefixes.TakeWhile(_ => Math.Abs(value) >= by))
        {
            prefix = next;
            value /= by;
        }

        return GoFormat.General(value, 4) + prefix;
    }

    private static string Multiplied(double value)
    {
        var prefix = "";
        foreach (var next in Small.TakeWhile(_ => Math.Abs(value) < 1))
        {
            prefix = next;
            value *= 1000;
        }

        return GoFormat.General(value, 4) + prefix;
    }

    private static string HumanizeDuration(double value)
    {
        if (!double.IsFinite(value))
        {
            return GoFormat.General(value, 4);
        }

        if (value == 0 || Math.Abs(value) < 1)
        {
            return (value == 0 ? "0" : Multiplied(value)) + "s";
        }

        var sign = value < 0 ? "-" : "";
        var total = (decimal)Math.Truncate(Math.Min(Math.Abs(value), 1e15));
        var (days, hours, minutes, seconds) = (decimal.Floor(total / 86400), decimal.Floor(total / 3600) % 24, decimal.Floor(total / 60) % 60, total % 60);
        var text = (days, hours, minutes) switch
        {
            ( > 0, _, _) => $"{days}d {hours}h {minutes}m {seconds}s",
            (_, > 0, _) => $"{hours}h {minutes}m {seconds}s",
            (_, _, > 0) => $"{minutes}m {seconds}s",
            _ => GoFormat.General(Math.Abs(value), 4) + "s",
        };
        return sign + text;
    }

    private static string HumanizeTimestamp(double value)
    {
        if (!double.IsFinite(value))
        {
            return GoFormat.General(value, 4);
        }

        if (Math.Abs(value) > 62_000_000_000)
        {
            throw new TemplateException($"{GoFormat.General(value)} cannot be represented as a timestamp");
        }

        var time = DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round((decimal)value * 1000) * TimeSpan.TicksPerMillisecond);
        return time.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture) + " +0000 UTC";
    }

    private static string Title(string text)
    {
        var title = new StringBuilder(text);
        for (var i = 0; i < title.Length; i++)
        {
            var inWord = i > 0 && (char.IsLetterOrDigit(text[i - 1]) || text[i - 1] == '_');
            title[i] = inWord ? text[i] : char.ToUpperInvariant(text[i]);
        }

        return title.ToString();
    }

    private static string StripPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && text.IndexOf(':', StringComparison.Ordinal) == colon ? text[..colon] : text;
    }

    private static Regex Expression(string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new TemplateException($"error parsing regexp: {exception.Message}");
        }
    }

    /// <summary>Go's replacement: <c>$name</c> takes the longest name, a group that is not there is empty.</summary>
    private static string ReplaceAll(string pattern, string replacement, string text)
    {
        var references = new Regex(@"\$(\$|\{\w+\}|\w+)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        return Expression(pattern).Replace(text, match => references.Replace(replacement, reference =>
            reference.Value == "$$" ? "$" : match.Groups[reference.Value.Trim('$', '{', '}')].Value));
    }
}
