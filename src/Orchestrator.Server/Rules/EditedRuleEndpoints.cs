using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Evaluations;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Rules;

/// <summary>Trying a rule with another expression: writing it down is for Git.</summary>
internal static class EditedRuleEndpoints
{
    private const int MostDays = 90;
    private const int LongestExpression = 20_000;

    public static void MapEditedRules(this RouteGroupBuilder rules) =>
        rules.MapPost("/{name}/backtest", Backtest).Needs(Role.Author)
            .WithSummary("What the rules in force would have done over the last days with another expression for one of them: alerts, fixes and labels more and fewer.");

    private static Results<Ok<EditedBacktest>, ProblemHttpResult> Backtest(string name, ExpressionWish wish, Node node, CancellationToken cancellation)
    {
        if (node.Revisions.Current is not { } rules || !rules.Groups.Any(group => group.Rules.Any(rule => rule.Name == name)))
        {
            return Problems.NotFound("rule", name, "/api/rules");
        }

        if (wish.Days is < 1 or > MostDays || wish.Expression.Length > LongestExpression)
        {
            return Problems.Refuse(422, $"{wish.Days} days and {wish.Expression.Length} characters cannot be tried.", $"Send 1 to {MostDays} days and at most {LongestExpression} characters.");
        }

        var edited = new EditedRule(name, wish.Expression);
        if (edited.Objection is { } objection)
        {
            return Problems.Refuse(422, $"The expression cannot be the rule's: {objection}.", "Correct it; /api/series/query evaluates expressions.");
        }

        var now = node.Clocks.Now;
        var span = node.Trials.Begin(rules, new(now.AddDays(-wish.Days), now), out var excess);
        return excess is { } times ? TooMuch(wish.Days, times) : TypedResults.Ok(node.Trials.Try(edited, rules, span, cancellation));
    }

    private static ProblemHttpResult TooMuch(int days, double times)
    {
        var fewer = (int)(days / times);
        var many = string.Create(CultureInfo.InvariantCulture, $"{days} {(days == 1 ? "day is" : "days are")} {times:0.0} times as much as is replayed at once.");
        return Problems.Refuse(422, many, fewer > 0 ? $"Send at most {fewer} {(fewer == 1 ? "day" : "days")}." : "Replay samples of a shorter span with orchestrator backtest.");
    }
}

/// <summary>Another expression for a rule.</summary>
/// <param name="Days">So many of the last days are replayed.</param>
public sealed record ExpressionWish(string Expression, int Days = 7);
