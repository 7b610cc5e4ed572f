using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Rules;

namespace Orchestrator.Cli.Commands;

/// <summary><c>backtest</c>: what rules would have done, over a history of files or over a server's own samples.</summary>
internal static class BacktestCommand
{
    private static readonly Argument<string?> Path = new("path") { Description = "A folder of rules, or a rule file; without it the rules that were in force.", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<DateTimeOffset?> From = new("--from") { Description = "Beginning of the span; that of the samples by default." };

    private static readonly Option<DateTimeOffset?> To = new("--to") { Description = "End of the span; that of the samples by default." };

    private static readonly Option<string?> Against = new("--against") { Description = "Compare with the same path at this revision of its repository." };

    private static readonly Option<string[]> History = new("--history")
    {
        Description = "Files of samples: CSV, Parquet, JSONL, promtool's series notation, OpenMetrics. Without them the samples of a server, at the instants of its evaluation log.", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Period = new("--period") { Description = "With --history: how often the samples were measured; each counts for two of it." };

    private static readonly Option<string?> Out = new("--out") { Description = "Write transitions.jsonl and a picture of each rule, SVG and PNG, into this folder." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "backtest",
            "Runs rules over samples of the past by the evaluator of production; exit 1 where a rule cannot be evaluated, a replay differs from the log, or --against finds a difference.",
            "orchestrator backtest rules --history samples.parquet --period 6h --out out",
            "orchestrator backtest rules --history samples.csv --from 2026-01-05 --to 2026-01-12 --against HEAD~1",
            "orchestrator backtest --from 2026-01-05 --to 2026-01-12")
        {
            Path, From, To, Against, History, Period, Out,
        };
        Connection.AddOptions(verb);
        verb.SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var files = parsed.GetValue(History) ?? [];
        var path = parsed.GetValue(Path);
        if (path is null && (files.Length > 0 || parsed.GetValue(Against) is not null))
        {
            throw new CommandException("the path of the rules is missing; say orchestrator backtest PATH");
        }

        var texts = path is null ? null : AuthoredRules.Texts(path);
        var before = parsed.GetValue(Against) is { } revision ? AuthoredRules.TextsAt(path!, revision) : null;
        var (after, other) = files.Length > 0 ? OfFiles(parsed, texts!, before) : await OfServerAsync(parsed, terminal, (texts, before), cancellation);
        var difference = other is null ? null : BacktestDifference.Of(other, after.Report);
        if (parsed.GetValue(Out) is { } folder)
        {
            await BacktestFiles.WriteAsync(folder, after, cancellation);
        }

        if (parsed.GetValue(CommandLine.Json))
        {
            terminal.ShowJson(new { after.Report, after.IsSame, after.Logged, Difference = difference });
        }
        else
        {
            BacktestText.Show(terminal, after, difference);
        }

        return after.Report.Errors.IsEmpty && after.IsSame != false && difference is null or { IsNone: true } ? ExitCode.Ok : ExitCode.Found;
    }

    private static (LiveBacktestShown After, BacktestReport? Before) OfFiles(ParseResult parsed, ImmutableSortedDictionary<string, string> texts, ImmutableSortedDictionary<string, string>? before)
    {
        var samples = AuthoredRules.History(parsed.GetValue(History)!, AuthoredRules.Period(parsed.GetValue(Period)));
        if (samples.Count == 0)
        {
            throw new CommandException("the history holds no samples");
        }

        var from = parsed.GetValue(From) ?? samples.Min(sample => sample.Sample.Time).ToInstant();
        var to = parsed.GetValue(To) ?? samples.Max(sample => sample.Sample.Time).ToInstant();
        var after = Over(AuthoredRules.Groups(texts), (from, to), samples, parsed.GetValue(Out) is not null);
        return (after, before is null ? null : Over(AuthoredRules.Groups(before), (from, to), samples, isDrawn: false).Report);
    }

    private static LiveBacktestShown Over(ImmutableArray<RuleGroup> groups, (DateTimeOffset From, DateTimeOffset To) span, List<LabelledSample> samples, bool isDrawn)
    {
        var backtest = new Backtest(groups, span.From, span.To);
        if (backtest.Evaluations > Backtest.MaxEvaluations)
        {
            throw new CommandException($"the span holds {backtest.Evaluations} evaluations; at most {Backtest.MaxEvaluations} are run: say a shorter span, or longer intervals");
        }

        var tally = new BacktestTally();
        var traces = groups.SelectMany(group => group.Rules.Select(rule => (group, Trace: new RuleTrace(group, rule)))).ToList();
        foreach (var evaluated in backtest.Over(samples))
        {
            tally.Add(evaluated);
            foreach (var (_, trace) in traces.Where(one => isDrawn && ReferenceEquals(one.group, evaluated.Group)))
            {
                trace.Add(evaluated);
            }
        }

        return new(tally.Report(span.From, span.To), [.. tally.Transitions.Select(Json.Write)], null, null, isDrawn ? [.. traces.Select(one => one.Trace.ToTraced())] : []);
    }

    private static async Task<(LiveBacktestShown After, BacktestReport? Before)> OfServerAsync(
        ParseResult parsed, Terminal terminal, (ImmutableSortedDictionary<string, string>? Texts, ImmutableSortedDictionary<string, string>? Before) rules, CancellationToken cancellation)
    {
        await using var connection = await Connection.OpenAsync(parsed, terminal, cancellation);
        var wish = new BacktestWish(parsed.GetValue(From), parsed.GetValue(To), rules.Texts is null ? null : new(rules.Texts), parsed.GetValue(Out) is not null);
        var after = await connection.Client.PostAsync<LiveBacktestShown>("/api/rules/backtest", wish, cancellation);
        var before = rules.Before is null
            ? null
            : await connection.Client.PostAsync<LiveBacktestShown>("/api/rules/backtest", wish with { Files = new(rules.Before), Traces = false }, cancellation);
        return (after, before?.Report);
    }
}
