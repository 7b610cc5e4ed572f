using System.Diagnostics;
using System.Globalization;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Ast;

/// <summary>The canonical text of a tree, as Prometheus prints it.</summary>
internal static class Printer
{
    public static string Text(Expr expr) => expr switch
    {
        Expr.Number number => Number(number),
        Expr.Text text => Quoted.Text(text.Value),
        Expr.Selector selector => Selector(selector) + Shift(selector.Shift),
        Expr.RangeSelector range => $"{Selector(range.Vector)}[{NumberText.Duration(range.Range)}]{Shift(range.Vector.Shift)}",
        Expr.Subquery subquery => Subquery(subquery),
        Expr.Paren paren => $"({Text(paren.Operand)})",
        Expr.Unary unary => (unary.Negative ? "-" : "+") + Text(unary.Operand),
        Expr.Binary binary => $"{Text(binary.Left)} {binary.Op.Sign()}{(binary.ReturnsBool ? " bool" : "")}{Matching(binary.Matching)} {Text(binary.Right)}",
        Expr.Aggregate aggregate => Aggregate(aggregate),
        Expr.Call call => $"{call.Function}({string.Join(", ", call.Arguments.Select(Text))})",
        _ => throw new UnreachableException(),
    };

    public static string LabelName(string name) => IsPlain(name) ? name : Quoted.Text(name);

    /// <summary>Infinity stands without a plus, which would bind less tightly than <c>^</c>.</summary>
    private static string Number(Expr.Number number) => number.IsDuration
        ? NumberText.Duration((long)Math.Round(number.Value * Timestamp.PerSecond))
        : NumberText.Fixed(number.Value).TrimStart('+');

    private static string Selector(Expr.Selector selector)
    {
        var isNamedOnce = selector.Matchers.Count(matcher => matcher.Label == Labels.NameLabel) == 1;
        var plain = isNamedOnce && selector.Metric is { } metric && IsMetric(metric) ? metric : null;
        var rest = selector.Matchers
            .Where(matcher => plain is null || matcher.Label != Labels.NameLabel)
            .Select(Matcher).Order(StringComparer.Ordinal).ToList();
        return rest.Count == 0 && plain is not null ? plain : $"{plain}{{{string.Join(",", rest)}}}";
    }

    private static string Matcher(Matcher matcher) => $"{LabelName(matcher.Label)}{matcher.Sign}{Quoted.Text(matcher.Value)}";

    private static string Subquery(Expr.Subquery subquery)
    {
        var step = subquery.Step is { } micros ? NumberText.Duration(micros) : "";
        return $"{Text(subquery.Operand)}[{NumberText.Duration(subquery.Range)}:{step}]{Shift(subquery.Shift)}";
    }

    private static string Shift(TimeShift shift)
    {
        var at = shift.At switch
        {
            AtKind.Instant => $" @ {(shift.AtTime / 1e6).ToString("F3", CultureInfo.InvariantCulture)}",
            AtKind.Start => " @ start()",
            AtKind.End => " @ end()",
            _ => "",
        };
        return shift.Offset == 0 ? at : $"{at} offset {NumberText.Duration(shift.Offset)}";
    }

    private static string Matching(VectorMatching matching)
    {
        if (matching.IsDefault)
        {
            return "";
        }

        var text = $" {(matching.On ? "on" : "ignoring")} ({Names(matching.Labels)})";
        return matching.Cardinality switch
        {
            Cardinality.ManyToOne => $"{text} group_left ({Names(matching.Include)})",
            Cardinality.OneToMany => $"{text} group_right ({Names(matching.Include)})",
            _ => text,
        };
    }

    private static string Aggregate(Expr.Aggregate aggregate)
    {
        var grouping = aggregate.Grouping switch
        {
            { Without: true } without => $" without ({Names(without.Labels)}) ",
            { Labels.IsEmpty: false } by => $" by ({Names(by.Labels)}) ",
            _ => "",
        };
        var parameter = aggregate.Parameter is { } value ? $"{Text(value)}, " : "";
        return $"{aggregate.Op.Name()}{grouping}({parameter}{Text(aggregate.Operand)})";
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(LabelName));

    private static bool IsPlain(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static bool IsMetric(string name) => !Keywords.NeverMetric(name) && IsPlain(name.Replace(':', '_'));
}
