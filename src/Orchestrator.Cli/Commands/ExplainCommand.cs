using System.CommandLine;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Cli.Commands;

/// <summary><c>explain</c>: why a rule holds or does not, and what would flip it.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Rule = new("rule") { Description = "The rule's name." };

    private static readonly Option<DateTimeOffset?> At = new("--at") { Description = "The instant; now by default, of files that of their newest sample." };

    private static readonly Option<string?> Labels = new("--labels") { Description = "Only label sets that have these, such as dataset=\"a\",model=\"b\"." };

    private static readonly Option<string[]> History = new("--history")
    {
        Description = "Explain over samples of these files instead of a server's.", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Rules = new("--rules") { Description = "With --history: the folder of rules, or a rule file; rules by default." };

    private static readonly Option<string?> Period = new("--period") { Description = "With --history: how often the samples were measured; each counts for two of it." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "explain",
            "Says why a rule holds or does not: the value at each leaf, what flips each comparison, the fewest flips that flip the rule.",
            "orchestrator explain LabelErrors",
            "orchestrator explain LabelErrors --at 2026-01-05T06:00:00Z --labels 'dataset=\"digits-train\"'",
            "orchestrator explain LabelErrors --history samples.csv --rules rules --json")
        {
            Rule, At, Labels, History, Rules, Period,
        };
        Connection.AddOptions(verb);
        verb.SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
        return verb;
    }

    /// <summary>Exit 1 where nothing was found to explain.</summary>
    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var explained = parsed.GetValue(History) is { Length: > 0 } files ? OfFiles(parsed, files) : await OfServerAsync(parsed, terminal, cancellation);
        if (parsed.GetValue(CommandLine.Json))
        {
            terminal.ShowJson(explained);
        }
        else
        {
            ExplanationText.Show(terminal, parsed.GetRequiredValue(Rule), explained);
        }

        return explained.Count > 0 ? ExitCode.Ok : ExitCode.Found;
    }

    private static async Task<List<RuleExplanation>> OfServerAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var connection = await Connection.OpenAsync(parsed, terminal, cancellation);
        var at = parsed.GetValue(At) is { } instant ? $"at={Uri.EscapeDataString(instant.ToString("O"))}&" : "";
        var labels = parsed.GetValue(Labels) is { } wanted ? $"labels={Uri.EscapeDataString(wanted)}" : "";
        return await connection.Client.GetAsync<List<RuleExplanation>>($"/api/rules/{Uri.EscapeDataString(parsed.GetRequiredValue(Rule))}/explanation?{at}{labels}", cancellation);
    }

    private static List<RuleExplanation> OfFiles(ParseResult parsed, string[] files)
    {
        var name = parsed.GetRequiredValue(Rule);
        var samples = AuthoredRules.History(files, AuthoredRules.Period(parsed.GetValue(Period)));
        var found = AuthoredRules.Groups(AuthoredRules.Texts(parsed.GetValue(Rules) ?? "rules")).SelectMany(group => group.Rules.Where(rule => rule.Name == name).Select(rule => (group, rule))).ToList();
        if (found.Count == 0)
        {
            throw new CommandException($"there is no rule \"{name}\" in {parsed.GetValue(Rules) ?? "rules"}; say --rules PATH");
        }

        var at = parsed.GetValue(At) ?? samples.Select(sample => sample.Sample.Time).DefaultIfEmpty().Max().ToInstant();
        var wish = new ExplanationWish(at, Wanted(parsed.GetValue(Labels)));
        var snapshot = SeriesSnapshot.Of(samples.Where(sample => sample.Sample.Time <= at.ToMicros()));
        var explained = found.Select(one => RuleExplanation.Of(one.group, one.rule, snapshot, wish)).ToList();
        return explained.Find(one => one.Error is not null)?.Error is { } error
            ? throw new CommandException($"the rule {name} cannot be evaluated: {error}", ExitCode.Found)
            : [.. explained.SelectMany(one => one.All)];
    }

    private static Labels Wanted(string? text) =>
        text is null ? Core.Series.Labels.Empty : SeriesNotation.Labels($"{{{text.Trim('{', '}')}}}") ?? throw new CommandException($"\"{text}\" are no labels; allowed: dataset=\"a\",model=\"b\"");
}
