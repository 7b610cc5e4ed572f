using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Evaluations;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Rules;

/// <summary>What rules say of the samples of this server: why a rule holds, and what rules would have done.</summary>
internal static class BacktestEndpoints
{
    public static void MapBacktests(this IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/api/rules").WithTags("rules");
        rules.MapGet("/{name}/explanation", Explain).Needs(Role.Viewer, About.Rule)
            .WithSummary("Why a rule holds or does not, for each label set: the value at each leaf, what flips each comparison, the fewest flips that flip the whole.");
        rules.MapPost("/backtest", Backtest).Needs(Role.Author)
            .WithSummary("Replays the evaluation log of a span, with the rules of then or with others; with those of then, what it gives is compared with what was logged, byte for byte.");
        rules.MapEditedRules();
    }

    private static Results<Ok<List<RuleExplanation>>, ProblemHttpResult> Explain(string name, DateTimeOffset? at, string? labels, Node node, ClaimsPrincipal user)
    {
        var wanted = SeriesNotation.Labels(labels is null ? "{}" : $"{{{labels.Trim('{', '}')}}}");
        if (wanted is null)
        {
            return Problems.Refuse(422, $"\"{labels}\" are no labels.", "Write them as in dataset=\"a\",model=\"b\".");
        }

        var found = (node.Revisions.Current?.Groups ?? []).Where(group => user.Actor().Sees(group.Model)).SelectMany(group => group.Rules.Where(rule => rule.Name == name).Select(rule => (group, rule))).ToList();
        if (found.Count == 0)
        {
            return Problems.NotFound("rule", name, "/api/rules");
        }

        var wish = new ExplanationWish(at ?? node.Clocks.Now, wanted);
        var explained = found.Select(one => RuleExplanation.Of(one.group, one.rule, node.Samples.SnapshotFor(user.Actor()), wish)).ToList();
        return explained.Find(one => one.Error is not null)?.Error is { } error
            ? Problems.Refuse(422, $"The rule {name} cannot be evaluated: {error}.", "Correct the rule, or look at its series with /api/series/query.")
            : TypedResults.Ok(explained.SelectMany(one => one.All).ToList());
    }

    private static Results<Ok<LiveBacktestShown>, ProblemHttpResult> Backtest(BacktestWish wish, Node node)
    {
        var groups = wish.Files is null ? (ImmutableArray<RuleGroup>?)null : [];
        foreach (var (path, text) in wish.Files ?? [])
        {
            var read = RuleFile.Read(path, text);
            if (read.Value is not { } file)
            {
                return Problems.Refuse(422, read.Diagnostics[0].ToString(), "Correct the rules; orchestrator check says more.");
            }

            groups = groups!.Value.AddRange(file.Groups);
        }

        var backtest = new LiveBacktest(node.Database, node.Samples.Snapshot());
        var to = wish.To ?? node.Clocks.Now;
        var replayed = backtest.Replay(wish.From ?? DateTimeOffset.UnixEpoch, to, wish.Files is { } files && backtest.WereInForce(files.Values, to) ? null : groups);
        return TypedResults.Ok(new LiveBacktestShown(
            replayed.Report, replayed.Transitions, replayed.IsSame, replayed.Logged?.Length, wish.Traces ? [.. replayed.Traces.Select(trace => trace.ToTraced())] : []));
    }
}

/// <summary>What is to be replayed.</summary>
/// <param name="Files">Rule files by path in place of those that were in force; where they are the same, the log is replayed.</param>
/// <param name="Traces">Whether the rules over time are wanted too.</param>
public sealed record BacktestWish(DateTimeOffset? From = null, DateTimeOffset? To = null, Dictionary<string, string>? Files = null, bool Traces = false);

/// <summary>A replay of the evaluation log.</summary>
/// <param name="IsSame">Whether the transitions are those that were logged; absent where other rules were replayed.</param>
/// <param name="Logged">Transitions in the log.</param>
public sealed record LiveBacktestShown(BacktestReport Report, ImmutableArray<string> Transitions, bool? IsSame, int? Logged, ImmutableArray<TracedRule> Traces);
