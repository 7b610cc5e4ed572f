using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Diagnostics;

/// <summary>How often something may happen, such as <c>2/day</c>.</summary>
public readonly record struct Budget(int Count, TimeSpan Per);

/// <summary>Sizes, shares and budgets as authors write them: <c>8GiB</c>, <c>10%</c>, <c>500/week</c>.</summary>
public static partial class Quantities
{
    public const string SizeAllowed = "allowed: a size such as 512MiB, 8GiB, 500MB";
    public const string ShareAllowed = "allowed: a share such as 10%";
    public const string BudgetAllowed = "allowed: a number a time, such as 5/hour, 2/day, 500/week";

    private static readonly Dictionary<string, long> SizeUnits = new(StringComparer.Ordinal)
    {
        ["B"] = 1, ["kB"] = 1000, ["KB"] = 1000, ["MB"] = 1000_000, ["GB"] = 1000_000_000, ["TB"] = 1000_000_000_000,
        ["KiB"] = 1L << 10, ["MiB"] = 1L << 20, ["GiB"] = 1L << 30, ["TiB"] = 1L << 40,
    };

    private static readonly Dictionary<string, TimeSpan> Periods = new(StringComparer.Ordinal)
    {
        ["hour"] = TimeSpan.FromHours(1), ["day"] = TimeSpan.FromDays(1), ["week"] = TimeSpan.FromDays(7),
    };

    [GeneratedRegex(@"^(?<count>[0-9]{1,6})\s?(?<unit>[kKMGT]?i?B)$", RegexOptions.CultureInvariant)]
    private static partial Regex SizeForm();

    [GeneratedRegex(@"^(?<number>[0-9]{1,3}(\.[0-9]{1,6})?)\s?%$", RegexOptions.CultureInvariant)]
    private static partial Regex ShareForm();

    [GeneratedRegex(@"^(?<count>[0-9]{1,9})\s?/\s?(?<period>hour|day|week)$", RegexOptions.CultureInvariant)]
    private static partial Regex BudgetForm();

    /// <summary>Bytes.</summary>
    public static long? Size(string text)
    {
        var match = SizeForm().Match(text);
        return match.Success && SizeUnits.TryGetValue(match.Groups["unit"].Value, out var unit)
            ? long.Parse(match.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) * unit
            : null;
    }

    /// <summary>The ratio that a percentage stands for, 0 to 1.</summary>
    public static double? Share(string text)
    {
        var match = ShareForm().Match(text);
        var percent = match.Success ? decimal.Parse(match.Groups["number"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture) : 101;
        return percent <= 100 ? (double)(percent / 100) : null;
    }

    public static Budget? Budget(string text)
    {
        var match = BudgetForm().Match(text);
        return match.Success
            ? new(int.Parse(match.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), Periods[match.Groups["period"].Value])
            : null;
    }
}
