using System.Globalization;
using Orchestrator.Core.Rules;

namespace Orchestrator.Cli.Commands;

/// <summary>Explanations as people read them: a tree of the condition, and what would flip it.</summary>
internal static class ExplanationText
{
    public static void Show(Terminal terminal, string rule, List<RuleExplanation> explained)
    {
        if (explained.Count == 0)
        {
            terminal.Line($"{rule}: there are no series that it looks at.");
        }

        foreach (var one in explained)
        {
            terminal.Line($"{one.Rule} {one.Labels} at {Words.Of(one.At)}: {(one.Root.Holds ? "holds" : "does not hold")}");
            Show(terminal, one.Root, "");
            terminal.Line(Minimal(one));
            terminal.Line();
        }
    }

    private static void Show(Terminal terminal, Explanation part, string indent)
    {
        terminal.Line($"{indent}{Line(part)}");
        var parts = Shown(part).ToList();
        foreach (var (below, i) in parts.Select((below, i) => (below, i)))
        {
            var last = i == parts.Count - 1;
            var inner = indent.Replace("├─ ", "│  ", StringComparison.Ordinal).Replace("└─ ", "   ", StringComparison.Ordinal);
            Show(terminal, below, inner + (last ? "└─ " : "├─ "));
        }
    }

    /// <summary>Parts of parts of one kind stand side by side, and a number that its comparison shows is not shown again.</summary>
    private static IEnumerable<Explanation> Shown(Explanation part) => part switch
    {
        { Kind: ExplanationKind.All or ExplanationKind.Any } => part.Parts.SelectMany(below => below.Kind == part.Kind ? Shown(below) : [below]),
        { Kind: ExplanationKind.Comparison, Parts: [{ Kind: ExplanationKind.Value, Parts.IsEmpty: true }] } => [],
        _ => part.Parts,
    };

    private static string Line(Explanation part) => part.Kind switch
    {
        ExplanationKind.All => $"all of: {Holds(part)}",
        ExplanationKind.Any => $"any of: {Holds(part)}",
        ExplanationKind.None => $"not: {Holds(part)}",
        ExplanationKind.Comparison => $"{part.Text}: {Number(part.Value)} {part.Operator} {Number(part.Threshold)} {Holds(part)}{FlipOf(part)}{RowsOf(part)}",
        _ => $"{part.Text} = {Number(part.Value)}{RowsOf(part)}",
    };

    private static string FlipOf(Explanation part) => part.Flip is { } flip ? $"; {Change(flip.Change)} (to {Number(flip.To)}) flips it" : "";

    private static string RowsOf(Explanation part) => part.Rows > 0 ? $" [{part.Rows} rows]" : "";

    private static string Holds(Explanation part) => part.Holds ? "holds" : "does not hold";

    private static string Minimal(RuleExplanation explained)
    {
        var flips = explained.Minimal.Select(flip => $"{flip.Text} by {Change(flip.Flip!.Change)}").ToList();
        var outcome = explained.Root.Holds ? "no longer hold" : "hold";
        return flips.Count == 0 ? $"No change of values makes it {outcome}: series are missing, or not finite." : $"To {outcome} it takes: {string.Join(" and ", flips)}.";
    }

    private static string Change(double change) => (change >= 0 ? "+" : "") + Number(change);

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "nothing";
}
