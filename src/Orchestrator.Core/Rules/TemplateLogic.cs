using System.Collections.Immutable;

namespace Orchestrator.Core.Rules;

/// <summary>The functions that Go's templates bring along: logic, comparisons, parts of values.</summary>
internal static class TemplateLogic
{
    public static readonly ImmutableArray<TemplateFunction> All =
    [
        new("and", 1, int.MaxValue, arguments => First(arguments, isTrue: false)),
        new("or", 1, int.MaxValue, arguments => First(arguments, isTrue: true)),
        new("not", 1, 1, arguments => new TemplateValue.Flag(!arguments[0].IsTrue)),
        new("eq", 2, int.MaxValue, arguments => new TemplateValue.Flag(arguments.From(1).Any(one => AreEqual(arguments[0], one)))),
        new("ne", 2, 2, arguments => new TemplateValue.Flag(!AreEqual(arguments[0], arguments[1]))),
        new("lt", 2, 2, arguments => new TemplateValue.Flag(Order(arguments) == -1)),
        new("le", 2, 2, arguments => new TemplateValue.Flag(Order(arguments) is -1 or 0)),
        new("gt", 2, 2, arguments => new TemplateValue.Flag(Order(arguments) == 1)),
        new("ge", 2, 2, arguments => new TemplateValue.Flag(Order(arguments) is 1 or 0)),
        new("len", 1, 1, arguments => new TemplateValue.Whole(Length(arguments[0]))),
        new("index", 1, int.MaxValue, arguments => arguments.From(1).Aggregate(arguments[0], Index)),
        new("slice", 1, 4, Slice),
    ];

    /// <summary>The first argument that is as wanted, or the last; what comes after is not looked at.</summary>
    private static TemplateValue First(TemplateArguments arguments, bool isTrue)
    {
        var value = arguments[0];
        for (var i = 1; i < arguments.Count && value.IsTrue != isTrue; i++)
        {
            value = arguments[i];
        }

        return value;
    }

    private static bool AreEqual(TemplateValue left, TemplateValue right) => (left, right) switch
    {
        (TemplateValue.Number a, TemplateValue.Number b) => a.Value == b.Value,
        (TemplateValue.Absent, TemplateValue.Absent) => true,
        (TemplateValue.Absent, _) or (_, TemplateValue.Absent) => false,
        _ when IsBasic(left) && left.GetType() == right.GetType() => left == right,
        _ => throw Incompatible(left, right),
    };

    private static bool IsBasic(TemplateValue value) => value is TemplateValue.Whole or TemplateValue.Text or TemplateValue.Flag or TemplateValue.Span;

    /// <summary>-1, 0 or 1; 2 where one is not a number at all.</summary>
    private static int Order(TemplateArguments arguments) => (arguments[0], arguments[1]) switch
    {
        (TemplateValue.Number a, TemplateValue.Number b) => a.Value < b.Value ? -1 : a.Value > b.Value ? 1 : a.Value == b.Value ? 0 : 2,
        (TemplateValue.Whole a, TemplateValue.Whole b) => a.Value.CompareTo(b.Value),
        (TemplateValue.Span a, TemplateValue.Span b) => a.Nanos.CompareTo(b.Nanos),
        (TemplateValue.Text a, TemplateValue.Text b) => Math.Sign(string.CompareOrdinal(a.Value, b.Value)),
        var (a, b) => throw Incompatible(a, b),
    };

    private static TemplateException Incompatible(TemplateValue left, TemplateValue right)
    {
        var hint = (left, right) is (TemplateValue.Number, TemplateValue.Whole) or (TemplateValue.Whole, TemplateValue.Number) ? "; write whole numbers as 5.0" : "";
        return new($"incompatible types for comparison: {left.Kind} and {right.Kind}{hint}");
    }

    private static int Length(TemplateValue value) => value switch
    {
        TemplateValue.Text text => System.Text.Encoding.UTF8.GetByteCount(text.Value),
        TemplateValue.Map map => map.Entries.Count,
        TemplateValue.List list => list.Items.Length,
        _ => throw new TemplateException($"len of type {value.Kind}"),
    };

    private static TemplateValue Index(TemplateValue of, TemplateValue at) => (of, at) switch
    {
        (TemplateValue.Map map, TemplateValue.Text key) => map[key.Value],
        (TemplateValue.List list, TemplateValue.Whole whole) when whole.Value >= 0 && whole.Value < list.Items.Length => list.Items[(int)whole.Value],
        (TemplateValue.List or TemplateValue.Text, TemplateValue.Whole whole) => throw new TemplateException($"index out of range: {whole.Value}"),
        _ => throw new TemplateException($"can't index item of type {of.Kind} with {at.Kind}"),
    };

    private static TemplateValue Slice(TemplateArguments arguments)
    {
        var of = arguments[0];
        var length = of switch
        {
            TemplateValue.Text text => text.Value.Length,
            TemplateValue.List list => list.Items.Length,
            _ => throw new TemplateException($"slice of type {of.Kind}"),
        };
        var bounds = arguments.From(1).Select(bound => bound is TemplateValue.Whole whole ? whole.Value : throw new TemplateException($"cannot index slice with type {bound.Kind}")).ToList();
        var (from, to) = (bounds.Count > 0 ? bounds[0] : 0, bounds.Count > 1 ? bounds[1] : length);
        if (from < 0 || to > length || from > to)
        {
            throw new TemplateException($"slice index out of range: {from}:{to} of {length}");
        }

        return of is TemplateValue.Text whole ? new TemplateValue.Text(whole.Value[(int)from..(int)to]) : new TemplateValue.List(((TemplateValue.List)of).Items[(int)from..(int)to]);
    }
}
