using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Series;

public sealed class RegexSyntaxTests
{
    // Expected by RE2's documentation of its syntax (github.com/google/re2/wiki/Syntax).
    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("b", "abc", false)]
    [InlineData("a|b", "a", true)]
    [InlineData("a|b", "ab", false)]
    [InlineData(".*", "a\nb", true)]
    [InlineData(".+", "", false)]
    [InlineData("(?i:ABC)d", "abcd", true)]
    [InlineData("(?i:ABC)d", "abcD", false)]
    [InlineData("(?i)abc", "ABC", true)]
    [InlineData("a$", "a", true)]
    [InlineData("a$", "a\n", false)]
    [InlineData("(?m)a$\nb", "a\nb", true)]
    [InlineData(@"\d+", "12", true)]
    [InlineData(@"\d+", "١٢", false)]
    [InlineData(@"\w+", "é", false)]
    [InlineData(@"[\w-]+", "a-b_c", true)]
    [InlineData(@"[^\d]", "1", false)]
    [InlineData(@"[\D]", "a", true)]
    [InlineData(@"[a-z-[aeiou]]", "b]", true)]
    [InlineData(@"[a-z-[aeiou]]", "b", false)]
    [InlineData(@"[a-z-[aeiou]]", "a]", true)]
    [InlineData("[[:alpha:]]+", "abC", true)]
    [InlineData("[[:digit:]a]+", "1a2", true)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData(@"\Qa.b\E+", "a.bb", true)]
    [InlineData(@"\x41\x{42}\103", "ABC", true)]
    [InlineData(@"\pN\p{Lu}", "1A", true)]
    [InlineData("(?P<name>a)b", "ab", true)]
    [InlineData("a{2,3}", "aaaa", false)]
    [InlineData("a{,3}", "a{,3}", true)]
    [InlineData("a b#c", "a b#c", true)]
    public void Matches_the_whole_value_as_RE2_does(string pattern, string value, bool expected) =>
        Assert.Equal(expected, Matcher.Of("l", MatchOp.Regex, pattern).Matches(value));

    [Theory]
    [InlineData("(", "missing closing )")]
    [InlineData("a)", "unexpected )")]
    [InlineData("[a", "missing closing ]")]
    [InlineData("*a", "missing argument")]
    [InlineData("a**", "missing argument")]
    [InlineData("a|*", "missing argument")]
    [InlineData(@"(a)\1", "invalid escape sequence")]
    [InlineData("(?=a)", "RE2")]
    [InlineData("(?<!a)b", "RE2")]
    [InlineData("(?>a)", "RE2")]
    [InlineData("a{1001}", "at most 1000")]
    [InlineData("((a{500}){500}){500}", "too large")]
    [InlineData(@"\", "invalid escape sequence")]
    [InlineData("[[:nothing:]]", "invalid character class")]
    [InlineData("[z-a]", "invalid regular expression")]
    public void Refuses_what_RE2_refuses_and_what_is_too_large(string pattern, string reason)
    {
        Assert.Null(Matcher.TryCreate("l", MatchOp.Regex, pattern, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_makes_backtracking_engines_hang_is_answered()
    {
        var matcher = Matcher.Of("l", MatchOp.Regex, "(a*)*(a*)*(a*)*b");
        Assert.False(matcher.Matches(new string('a', 5_000)));
    }

    [Fact]
    public void A_pattern_has_at_most_4096_characters() =>
        Assert.Null(Matcher.TryCreate("l", MatchOp.Regex, new string('a', 4_097), out _));
}
