using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;

namespace Orchestrator.Core.Rules;

/// <summary>What flips comparisons, and the fewest of them that flip a condition.</summary>
internal static class Flips
{
    private const int RoundingSteps = 64;
    private const int MaxTries = 5_000;

    /// <summary>The smallest change of the left side that flips a comparison; none where no finite change does.</summary>
    public static Flip? Of(BinaryOp op, double left, double right)
    {
        var holds = BinaryOperation.Holds(op, left, right);
        var target = Target(op, left, right, holds);
        if (!double.IsFinite(left) || double.IsNaN(right) || !double.IsFinite(target))
        {
            return null;
        }

        var change = target - left;
        for (var i = 0; i < RoundingSteps && double.IsFinite(change); i++)
        {
            if (BinaryOperation.Holds(op, left + change, right) != holds)
            {
                return new(change, left + change);
            }

            // The sum was rounded back onto the wrong side.
            change = target >= left ? Math.BitIncrement(change) : Math.BitDecrement(change);
        }

        return null;
    }

    /// <summary>The fewest flips that together flip a condition, of equally few those with the least change; none where there are no such.</summary>
    /// <remarks>A comparison may stand in several places, once for the whole and once against it, so every choice is tried on the whole.</remarks>
    public static ImmutableArray<Explanation> Smallest(Explanation root)
    {
        var leaves = Leaves(root).Where(leaf => leaf.Flip is not null).DistinctBy(Key).OrderBy(Effort).ToImmutableArray();
        var known = Local(root, !root.Holds) is { } local && Flipped(root, local) ? Irreducible(root, local) : (ImmutableArray<Explanation>?)null;
        var most = known is { } found ? found.Length - 1 : leaves.Length;
        var tries = MaxTries;
        for (var size = 1; size <= most && tries > 0; size++)
        {
            var best = Choices(leaves, size).Take(tries).Where(choice => Flipped(root, choice)).OrderBy(choice => choice.Sum(Effort)).Select(choice => (ImmutableArray<Explanation>?)choice).FirstOrDefault();
            if (best is { } smaller)
            {
                return smaller;
            }

            tries -= (int)Math.Min(tries, Count(leaves.Length, size));
        }

        return known ?? [];
    }

    private static IEnumerable<Explanation> Leaves(Explanation node) =>
        node.Kind == ExplanationKind.Comparison ? [node] : node.Kind == ExplanationKind.Value ? [] : node.Parts.SelectMany(Leaves);

    /// <summary>The same comparison of the same series, wherever it stands.</summary>
    private static (string Text, Series.Labels Labels) Key(Explanation leaf) => (leaf.Text, leaf.Labels);

    private static bool Flipped(Explanation root, IEnumerable<Explanation> flips) => Outcome(root, [.. flips.Select(Key)]) != root.Holds;

    private static bool Outcome(Explanation node, HashSet<(string Text, Series.Labels Labels)> flipped) => node.Kind switch
    {
        ExplanationKind.Value => node.Holds,
        ExplanationKind.Comparison => node.Holds != flipped.Contains(Key(node)),
        ExplanationKind.All => node.Parts.All(part => Outcome(part, flipped)),
        ExplanationKind.Any => node.Parts.Any(part => Outcome(part, flipped)),
        ExplanationKind.None => !Outcome(node.Parts[0], flipped),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static ImmutableArray<Explanation> Irreducible(Explanation root, ImmutableArray<Explanation> flips) =>
        flips.Reverse().Aggregate(flips, (kept, flip) => kept.Remove(flip) is { IsEmpty: false } fewer && Flipped(root, fewer) ? fewer : kept);

    /// <summary>All choices of so many, those of the first leaves first.</summary>
    private static IEnumerable<ImmutableArray<Explanation>> Choices(ImmutableArray<Explanation> leaves, int size) => size == 0
        ? [[]]
        : Enumerable.Range(0, leaves.Length).SelectMany(i => Choices(leaves[(i + 1)..], size - 1).Select(rest => rest.Insert(0, leaves[i])));

    private static double Count(int leaves, int size) => Enumerable.Range(0, size).Aggregate(1.0, (count, i) => count * (leaves - i) / (i + 1));

    /// <summary>A set found part by part, as if no comparison stood in two places.</summary>
    private static ImmutableArray<Explanation>? Local(Explanation node, bool wanted)
    {
        if (node.Holds == wanted)
        {
            return [];
        }

        return node.Kind switch
        {
            ExplanationKind.Comparison => node.Flip is null ? null : [node],
            ExplanationKind.Value => null,
            ExplanationKind.None => Local(node.Parts[0], !wanted),
            ExplanationKind.All => wanted ? Together(node, true) : Best(node, false),
            ExplanationKind.Any => wanted ? Best(node, true) : Together(node, false),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static ImmutableArray<Explanation>? Together(Explanation node, bool wanted)
    {
        var all = node.Parts.Select(part => Local(part, wanted)).ToList();
        return all.Contains(null) ? null : [.. all.SelectMany(flips => flips!.Value).DistinctBy(Key).OrderBy(Effort)];
    }

    private static ImmutableArray<Explanation>? Best(Explanation node, bool wanted) =>
        node.Parts.Select(part => Local(part, wanted)).Where(flips => flips is not null).OrderBy(flips => flips!.Value.Length).ThenBy(flips => flips!.Value.Sum(Effort)).FirstOrDefault();

    /// <summary>The change in proportion to the numbers that it is about.</summary>
    private static double Effort(Explanation comparison) =>
        Math.Abs(comparison.Flip!.Change) / Math.Max(Math.Max(Math.Abs(comparison.Value!.Value), Math.Abs(comparison.Threshold!.Value)), double.Epsilon);

    private static double Target(BinaryOp op, double left, double right, bool holds) => (op, holds) switch
    {
        (BinaryOp.Greater, true) or (BinaryOp.Less, true) or (BinaryOp.GreaterOrEqual, false) or (BinaryOp.LessOrEqual, false) => right,
        (BinaryOp.Equal, false) or (BinaryOp.NotEqual, true) => right,
        (BinaryOp.Greater, false) or (BinaryOp.LessOrEqual, true) => Math.BitIncrement(right),
        (BinaryOp.Less, false) or (BinaryOp.GreaterOrEqual, true) => Math.BitDecrement(right),
        _ => Math.BitIncrement(left),
    };
}
