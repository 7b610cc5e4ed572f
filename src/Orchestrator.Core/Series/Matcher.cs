using System.Text.RegularExpressions;

namespace Orchestrator.Core.Series;

/// <summary>How a matcher compares a label's value.</summary>
public enum MatchOp
{
    Equal,
    NotEqual,
    Regex,
    NotRegex,
}

/// <summary>A condition on one label of a series; a label that is absent has the empty value, and a regular expression must match the whole value.</summary>
public sealed class Matcher : IEquatable<Matcher>
{
    private readonly Regex? _regex;

    private Matcher(string label, MatchOp op, string value, Regex? regex)
    {
        Label = label;
        Op = op;
        Value = value;
        _regex = regex;
    }

    public string Label { get; }

    public MatchOp Op { get; }

    public string Value { get; }

    /// <summary>Throws <see cref="ArgumentException"/> where the value is no valid regular expression.</summary>
    public static Matcher Of(string label, MatchOp op, string value) =>
        TryCreate(label, op, value, out var error) ?? throw new ArgumentException(error, nameof(value));

    /// <summary>None, with the reason, where the value is no valid regular expression (RE2 syntax).</summary>
    public static Matcher? TryCreate(string label, MatchOp op, string value, out string? error)
    {
        error = null;
        if (op is MatchOp.Equal or MatchOp.NotEqual)
        {
            return new Matcher(label, op, value, null);
        }

        var regex = RegexSyntax.Compile(value, out error);
        return regex is null ? null : new Matcher(label, op, value, regex);
    }

    public bool Matches(string value) => Op switch
    {
        MatchOp.Equal => string.Equals(value, Value, StringComparison.Ordinal),
        MatchOp.NotEqual => !string.Equals(value, Value, StringComparison.Ordinal),
        MatchOp.Regex => _regex!.IsMatch(value),
        _ => !_regex!.IsMatch(value),
    };

    public bool Matches(Labels labels) => Matches(labels[Label]);

    public bool Equals(Matcher? other) => other is not null && Label == other.Label && Op == other.Op && Value == other.Value;

    public override bool Equals(object? obj) => Equals(obj as Matcher);

    public override int GetHashCode() => HashCode.Combine(Label, Op, Value);

    public override string ToString() => $"{Label}{Sign}{Quoted.Text(Value)}";

    /// <summary>The operator as it is written: <c>=</c>, <c>!=</c>, <c>=~</c>, <c>!~</c>.</summary>
    public string Sign => Op switch
    {
        MatchOp.Equal => "=",
        MatchOp.NotEqual => "!=",
        MatchOp.Regex => "=~",
        _ => "!~",
    };
}
