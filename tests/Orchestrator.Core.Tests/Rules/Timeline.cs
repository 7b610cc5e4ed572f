using System.Text.Json;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Rules;

/// <summary>Evaluates the rules of one group minute by minute and writes down each alert's state: <c>.</c> none, <c>p</c> pending, <c>F</c> firing.</summary>
internal sealed class Timeline
{
    private readonly List<string> _letters = [];

    private Timeline(RuleGroup group) => Group = group;

    public RuleGroup Group { get; }

    public List<GroupEvaluation> Evaluations { get; } = [];

    public List<AlertTransition> Transitions => [.. Evaluations.SelectMany(evaluation => evaluation.Transitions)];

    public string States => string.Concat(_letters);

    /// <summary>The rules as YAML below <c>rules:</c>; a group of them, with an interval of a minute.</summary>
    public static Timeline Of(string rules, string group = "")
    {
        var indented = string.Join('\n', rules.Split('\n').Select(line => "      " + line));
        var read = RuleFile.Read("t.rules.yaml", $"groups:\n  - name: g\n    interval: 1m\n{group}    rules:\n{indented}\n");
        Assert.Empty(read.Diagnostics);
        return new(read.Value!.Groups[0]);
    }

    /// <summary>Runs over series in promtool's notation, one value a minute; the state goes through JSON between evaluations.</summary>
    public Timeline Run(int minutes, params (string Series, string Values)[] input) => Run(minutes, input.SelectMany(pair => Samples(pair.Series, pair.Values)));

    public Timeline Run(int minutes, IEnumerable<LabelledSample> samples)
    {
        var head = new SeriesHead();
        head.Append(0, samples);
        var state = RuleGroupState.Empty;
        for (var minute = 0; minute <= minutes; minute++)
        {
            var evaluation = Group.Evaluate(state, head.Snapshot(), Minute(minute));
            head.Append(minute + 1, evaluation.Samples);
            Evaluations.Add(evaluation);
            _letters.Add(Letter(evaluation.State));
            state = JsonSerializer.Deserialize<RuleGroupState>(JsonSerializer.Serialize(evaluation.State))!;
        }

        return this;
    }

    public static long Minute(double minute) => (long)(minute * 60 * Timestamp.PerSecond);

    public static IEnumerable<LabelledSample> Samples(string series, string values, int rows = 0) =>
        SeriesNotation.Values(values).Values.Select((value, i) => (value, i)).Where(pair => pair.value is not null)
            .Select(pair => new LabelledSample(SeriesNotation.Labels(series)!, new Sample(Minute(pair.i), pair.value!.Value, Rows: rows)));

    private static string Letter(RuleGroupState state) => string.Concat(state.Alerts.Select(alert => alert.State == AlertState.Firing ? "F" : "p")) is { Length: > 0 } letters ? letters : ".";
}
