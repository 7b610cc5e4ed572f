using System.Text.RegularExpressions;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;

namespace Orchestrator.Core.Tests.Expressions.Conformance;

/// <summary>One block of a script in Prometheus's test format.</summary>
internal abstract record Command(int Line)
{
    public sealed record Clear(int Line) : Command(Line);

    public sealed record Load(int Line, long Step, bool WithNativeHistograms, IReadOnlyList<string> Series) : Command(Line);

    /// <summary>What is no block of the format.</summary>
    public sealed record Unreadable(int Line, string Text) : Command(Line);

    /// <summary>An evaluation at one instant, where <paramref name="Range"/> has no step, or over a range.</summary>
    public sealed record Eval(int Line, TimeRange Range, bool IsRange, string Expression, IReadOnlyList<string> Expectations, IReadOnlyList<string> Results) : Command(Line);
}

/// <summary>A script in Prometheus's test format (<c>promqltest</c>) as its blocks.</summary>
internal static partial class Script
{
    public static IEnumerable<Command> Read(string path)
    {
        // A comment ends a block as an empty line does.
        string[] lines = [.. File.ReadLines(path).Select(line => line.Trim()).Select(line => line.StartsWith('#') ? "" : line)];
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
            {
                continue;
            }

            var first = i;
            while (i + 1 < lines.Length && lines[i + 1].Length > 0)
            {
                i++;
            }

            yield return Block(first + 1, lines[first], lines[(first + 1)..(i + 1)], out var used);
            i = first + used;
        }
    }

    public static long Duration(string text)
    {
        var parsed = ExpressionText.Parse(text);
        return (long)Math.Round(((Expr.Number)parsed.Root!).Value * 1e6);
    }

    private static Command Block(int line, string head, string[] body, out int used)
    {
        used = 0;
        if (head == "clear")
        {
            return new Command.Clear(line);
        }

        if (LoadHead().Match(head) is { Success: true } load)
        {
            used = body.Length;
            return new Command.Load(line, Duration(load.Groups[2].Value), load.Groups[1].Length > 0, body);
        }

        var eval = EvalHead().Match(head);
        if (!eval.Success)
        {
            return new Command.Unreadable(line, head);
        }

        used = body.TakeWhile(next => !IsHead(next)).Count();
        return Evaluation(line, eval, body[..used]);
    }

    private static Command.Eval Evaluation(int line, Match eval, string[] body)
    {
        var isRange = eval.Groups["step"].Success;
        var instant = eval.Groups["at"].Success ? eval.Groups["at"].Value : "0";
        var from = Duration(isRange ? eval.Groups["from"].Value : instant);
        var range = isRange ? new TimeRange(from, Duration(eval.Groups["to"].Value), Duration(eval.Groups["step"].Value)) : new TimeRange(from, from, 0);
        var expectations = body.Where(next => next.StartsWith("expect ", StringComparison.Ordinal)).Select(next => next[7..].Trim()).ToList();
        if (eval.Groups["kind"].Length > 0)
        {
            expectations.Add(eval.Groups["kind"].Value[1..]);
        }

        var results = body.Where(next => !next.StartsWith("expect ", StringComparison.Ordinal) && !next.StartsWith("expected_fail", StringComparison.Ordinal));
        return new Command.Eval(line, range, isRange, eval.Groups["expr"].Value, expectations, [.. results]);
    }

    private static bool IsHead(string line) => line == "clear" || LoadHead().IsMatch(line) || EvalHead().IsMatch(line);

    [GeneratedRegex(@"^load(_with_nhcb)?\s+(\S+)$")]
    private static partial Regex LoadHead();

    [GeneratedRegex(@"^eval(?<kind>_fail|_warn|_info|_ordered)?\s+(?:instant(?:\s+at\s+(?<at>\S+))?|range\s+from\s+(?<from>\S+)\s+to\s+(?<to>\S+)\s+step\s+(?<step>\S+?))\s+(?<expr>.+)$")]
    private static partial Regex EvalHead();
}
