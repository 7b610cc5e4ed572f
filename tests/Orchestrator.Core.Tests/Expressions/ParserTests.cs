using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Tests.Expressions;

public sealed class ParserTests
{
    public static TheoryData<string, string> Syntax => CaseFile.Read("expression-syntax.txt");

    public static TheoryData<string, string> Binding => CaseFile.Read("expression-binding.txt");

    public static TheoryData<string, string> Errors => CaseFile.Read("expression-errors.txt");

    [Theory]
    [MemberData(nameof(Syntax))]
    public void Text_has_one_canonical_form_that_reads_back_as_itself(string text, string canonical)
    {
        var printed = Parse(text).ToString();
        Assert.Equal(canonical, printed);
        Assert.Equal(canonical, Parse(printed).ToString());
    }

    [Theory]
    [MemberData(nameof(Binding))]
    public void Operators_bind_as_in_Prometheus(string text, string grouped) => Assert.Equal(grouped, Grouped(Parse(text)));

    [Theory]
    [MemberData(nameof(Errors))]
    public void Errors_have_their_place_and_the_nearest_fix(string text, string expected)
    {
        var parsed = ExpressionText.Parse(text);
        var parts = expected.Split(' ', 4);
        var error = parsed.Errors[0];
        Assert.Null(parsed.Root);
        Assert.Equal($"{parts[0]} {parts[1]} {parts[2]}", $"{error.Offset} {error.Length} {error.Code}");
        Assert.Contains(parts[3], error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_of_types_are_reported_in_the_order_of_the_text()
    {
        var errors = ExpressionText.Parse("rate(a) + abs(b[1m]) + nothing(c)").Errors;
        Assert.Equal([5, 14, 23], errors.Select(error => error.Offset));
    }

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    [InlineData('{')]
    [InlineData('[')]
    public void A_hundred_thousand_of_a_sign_are_an_error_not_a_crash(char sign)
    {
        var half = new string(sign, 60_000);
        Assert.NotEmpty(ExpressionText.Parse(half).Errors);
        Assert.Equal(ExpressionCodes.Limit, ExpressionText.Parse(half + half).Errors[0].Code);
    }

    [Fact]
    public void A_hundred_levels_of_parentheses_are_read_and_one_more_is_not()
    {
        Assert.Empty(ExpressionText.Parse(new string('(', 100) + "x" + new string(')', 100)).Errors);
        var error = Assert.Single(ExpressionText.Parse(new string('(', 101) + "x" + new string(')', 101)).Errors);
        Assert.Equal((100, ExpressionCodes.Limit), (error.Offset, error.Code));
    }

    [Fact]
    public void Long_chains_of_operators_are_limited()
    {
        Assert.Empty(ExpressionText.Parse(string.Join(" or ", Enumerable.Repeat("x", 400))).Errors);
        Assert.Equal(ExpressionCodes.Limit, ExpressionText.Parse(string.Join(" or ", Enumerable.Repeat("x", 10_000))).Errors[0].Code);
        Assert.Equal(ExpressionCodes.Limit, ExpressionText.Parse(string.Join("^", Enumerable.Repeat("2", 10_000))).Errors[0].Code);
    }

    [Fact]
    public void Half_a_character_is_an_error()
    {
        Assert.Equal(ExpressionCodes.Text, ExpressionText.Parse("`\ud800`").Errors[0].Code);
        Assert.Equal(ExpressionCodes.Text, ExpressionText.Parse("\"\udc00\"").Errors[0].Code);
    }

    [Fact]
    public void A_part_knows_its_place_in_the_text()
    {
        var root = Assert.IsType<Expr.Binary>(Parse("rate(up[5m]) > 1"));
        Assert.Equal(new Span(0, 16), root.Span);
        Assert.Equal(new Span(13, 1), root.OperatorSpan);
        Assert.Equal(new Span(5, 6), Assert.IsType<Expr.Call>(root.Left).Arguments[0].Span);
    }

    private static Expr Parse(string text)
    {
        var parsed = ExpressionText.Parse(text);
        Assert.Empty(parsed.Errors);
        return parsed.Root!;
    }

    private static string Grouped(Expr expr) => expr switch
    {
        Expr.Binary binary => $"({Grouped(binary.Left)} {binary.Op.Sign()} {Grouped(binary.Right)})",
        Expr.Unary unary => $"({(unary.Negative ? '-' : '+')}{Grouped(unary.Operand)})",
        _ => expr.ToString(),
    };
}
