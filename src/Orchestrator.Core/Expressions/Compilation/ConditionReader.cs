using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>A comparison of a selector's samples with a number; without an operator it asks only that there is one.</summary>
/// <param name="IsNegated">It must not hold.</param>
/// <param name="Counts">The rows behind its sample are behind the result.</param>
internal sealed record Test(Expr.Selector Selector, BinaryOp? Op, double Number, bool IsNegated, bool Counts);

/// <summary>Reads conditions that are nothing but comparisons of selectors with numbers, and set operators that match all labels, as branches of which one has to hold.</summary>
/// <remarks>A sample comes from the first test of the first branch that holds; what shadows what is kept by the order of branches.</remarks>
internal static class ConditionReader
{
    private const int MostTests = 48;

    /// <summary>None where the condition is of another kind.</summary>
    public static Test[][]? Read(Expr expr) => Branches(expr) is { } branches && branches.Sum(branch => branch.Length) <= MostTests ? branches : null;

    private static Test[][]? Branches(Expr expr) => Network.Bare(expr) switch
    {
        Expr.Selector { Metric: not null, Shift.IsNone: true } selector => [[new(selector, null, 0, IsNegated: false, Counts: true)]],
        Expr.Binary { Op: BinaryOp.And or BinaryOp.Or or BinaryOp.Unless } binary when MatchesAll(binary.Matching) => OfSets(binary),
        Expr.Binary { ReturnsBool: false } binary when binary.Op.IsComparison() => OfComparison(binary),
        _ => null,
    };

    private static bool MatchesAll(VectorMatching matching) => !matching.On && matching.Labels.IsEmpty;

    private static Test[][]? OfSets(Expr.Binary binary)
    {
        if (Branches(binary.Left) is not { } left || Branches(binary.Right) is not { } right || left.Length * right.Length > MostTests)
        {
            return null;
        }

        return binary.Op switch
        {
            BinaryOp.Or => [.. left, .. right],
            BinaryOp.And => Combined(left, right),
            _ => right.Aggregate((Test[][]?)left, (some, branch) => some is null || some.Length * branch.Length > MostTests ? null : Combined(some, [.. branch.Select(Opposite)])),
        };
    }

    /// <summary>Each of the first with each of the second; the first come first.</summary>
    private static Test[][] Combined(Test[][] first, Test[][] second) => [.. first.SelectMany(one => second.Select(other => (Test[])[.. one, .. other]))];

    private static Test[] Opposite(Test test) => [test with { IsNegated = !test.IsNegated, Counts = false }];

    /// <summary>Only where one branch gives the sample: a sample that a comparison leaves out still shadows those of later branches.</summary>
    private static Test[][]? OfComparison(Expr.Binary binary)
    {
        var (constant, other, op) = Network.Constant(binary.Right) is { } right ? (right, binary.Left, binary.Op) : (Network.Constant(binary.Left), binary.Right, Network.Mirrored(binary.Op));
        if (constant is not { } number || Branches(other) is not [var only])
        {
            return null;
        }

        var root = only[0];
        if (op == BinaryOp.NotEqual)
        {
            return [[.. only, root with { Op = BinaryOp.Equal, Number = number, IsNegated = true, Counts = false }]];
        }

        var test = root with { Op = op, Number = number };
        return [root.Op is null ? [test, .. only.Skip(1)] : [.. only, test]];
    }
}
