using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>Runs one test as promtool does: from its start, all groups at every evaluation interval, up to the last time that is asked for.</summary>
internal sealed class RuleTestRun(RuleTestFile file, RuleTest test, string name)
{
    private readonly List<TestFailure> _failures = [];
    private readonly SeriesHead _head = new();
    private readonly Dictionary<string, RuleGroupState> _states = [];

    public List<TestFailure> Run(IEnumerable<RuleFile> rules)
    {
        var groups = Ordered([.. rules.SelectMany(rule => rule.Groups)]);
        _head.Append(0, test.Input.SelectMany(Samples));
        var last = test.Alerts.Select(alert => alert.EvalTime).Concat(test.Expressions.Select(one => one.EvalTime)).Concat(test.Fixes.Select(fix => fix.EvalTime)).DefaultIfEmpty().Max();
        for (var elapsed = TimeSpan.Zero; elapsed <= last; elapsed += file.EvaluationInterval)
        {
            if (!Evaluate(groups, elapsed))
            {
                return _failures;
            }

            Check(groups, elapsed);
        }

        foreach (var one in test.Expressions)
        {
            Check(one);
        }

        return _failures;
    }

    private List<RuleGroup> Ordered(List<RuleGroup> groups) =>
        [.. groups.OrderBy(group => file.GroupOrder.IndexOf(group.Name) is var at and >= 0 ? at : int.MaxValue)];

    private IEnumerable<LabelledSample> Samples(InputSeries series) =>
        series.Values
            .Select((value, i) => (value, i))
            .Where(pair => pair.value is not null)
            .Select(pair => new LabelledSample(series.Labels, new Sample(At(test.Interval * pair.i), pair.value!.Value)));

    private long At(TimeSpan elapsed) => (test.Start + elapsed).ToMicros();

    /// <summary>False where a rule could not be evaluated: the test has failed as a whole.</summary>
    private bool Evaluate(List<RuleGroup> groups, TimeSpan elapsed)
    {
        foreach (var (group, i) in groups.Select((group, i) => (group, i)))
        {
            var key = $"{i} {group.Name}";
            var evaluation = group.Evaluate(_states.GetValueOrDefault(key, RuleGroupState.Empty), _head.Snapshot(), At(elapsed));
            _states[key] = evaluation.State;
            _head.Append(_head.Watermark + 1, evaluation.Samples);
            foreach (var (rule, state) in evaluation.State.Rules.Where(rule => rule.Value.Health.IsError))
            {
                var of = rule[..rule.LastIndexOf('#')];
                Fail(file.Source.At("tests"), $"rule {of} of group {group.Name} at {Duration.Text(elapsed)}", "it can be evaluated", state.Health.Error!);
            }
        }

        return _failures.Count == 0 || !_states.Values.Any(state => state.Rules.Values.Any(rule => rule.Health.IsError));
    }

    private void Check(List<RuleGroup> groups, TimeSpan elapsed)
    {
        bool Now(TimeSpan time) => time >= elapsed && time < elapsed + file.EvaluationInterval;
        foreach (var one in test.Alerts.Where(one => Now(one.EvalTime)))
        {
            var got = Firing(one.AlertName).Select(alert => Text(alert.Labels.Without("alertname").Pairs, alert.Annotations));
            Compare(one.Place, $"alert {one.AlertName} at {Duration.Text(one.EvalTime)}", one.Expected.Select(alert => Text(Present(alert.Labels), alert.Annotations)), got);
        }

        foreach (var one in test.Fixes.Where(one => Now(one.EvalTime)))
        {
            Check(one, Fixes(groups, one.AlertName));
        }
    }

    private IEnumerable<Alert> Firing(string alertName) =>
        _states.Values.SelectMany(state => state.Alerts).Where(alert => alert.State == AlertState.Firing && alert.Labels["alertname"] == alertName);

    /// <summary>The fixes that the firing alerts of a name ask for, one for each dedup key.</summary>
    private List<ExpectedFix> Fixes(List<RuleGroup> groups, string alertName)
    {
        var fixes = groups.SelectMany((group, i) => group.Rules.OfType<Rule.Alerting>()
            .Where(rule => rule.Name == alertName && rule is { Mode: RuleMode.Active, Then: not null })
            .SelectMany(rule => _states[$"{i} {group.Name}"].Alerts.Where(alert => alert.State == AlertState.Firing && alert.Labels["alertname"] == rule.Name)
                .Select(alert => (Key: rule.Then!.DedupKey(alert.Labels), Fix: new ExpectedFix(rule.Then.Workflow, rule.Then.InputsFor(alert.Data))))));
        return [.. fixes.DistinctBy(pair => (pair.Key, pair.Fix.Workflow)).Select(pair => pair.Fix)];
    }

    private void Check(FixTest one, List<ExpectedFix> got)
    {
        var unmatched = got.ToList();
        var missing = one.Expected.Count(wanted => !(unmatched.Find(fix => Meets(fix, wanted)) is { } found && unmatched.Remove(found)));
        if (missing > 0 || unmatched.Count > 0)
        {
            Fail(one.Place, $"fixes of {one.AlertName} at {Duration.Text(one.EvalTime)}", Listed(one.Expected.Select(Text)), Listed(got.Select(Text)));
        }
    }

    private static bool Meets(ExpectedFix fix, ExpectedFix wanted) =>
        fix.Workflow == wanted.Workflow && wanted.Inputs.All(pair => fix.Inputs.TryGetValue(pair.Key, out var value) && (JsonElement.DeepEquals(value, pair.Value) || value.ToString() == pair.Value.ToString()));

    private void Check(ExpressionTest one)
    {
        var evaluation = Evaluator.Evaluate(one.Expression.Root, _head.Snapshot(), At(one.EvalTime), EvaluationOptions.Default);
        var what = $"expr {one.Expression.Text} at {Duration.Text(one.EvalTime)}";
        if (evaluation is Evaluation.Failed failed)
        {
            Fail(one.Place, what, "it can be evaluated", failed.Error.Text);
            return;
        }

        List<ExpectedSample> got = evaluation is Evaluation.Vector vector
            ? [.. vector.Samples.Select(sample => new ExpectedSample(sample.Labels, sample.Value))]
            : [new(Labels.Empty, ((Evaluation.Scalar)evaluation).Value)];
        if (!Same([.. one.Expected.OrderBy(sample => sample.Labels)], [.. got.OrderBy(sample => sample.Labels)]))
        {
            Fail(one.Place, what, Listed(one.Expected.Select(Text)), Listed(got.Select(Text)));
        }
    }

    private bool Same(ImmutableArray<ExpectedSample> expected, ImmutableArray<ExpectedSample> got) =>
        expected.Length == got.Length && expected.Zip(got).All(pair => pair.First.Labels == pair.Second.Labels && Equal(pair.First.Value, pair.Second.Value));

    private bool Equal(double expected, double got) =>
        expected.Equals(got) || (file.Fuzzy && Math.Abs(expected - got) <= 1e-15 * Math.Max(Math.Abs(expected), Math.Abs(got)));

    private void Compare(Place place, string what, IEnumerable<string> expected, IEnumerable<string> got)
    {
        var wanted = expected.Order(StringComparer.Ordinal).ToList();
        var found = got.Order(StringComparer.Ordinal).ToList();
        if (!wanted.SequenceEqual(found, StringComparer.Ordinal))
        {
            Fail(place, what, Listed(wanted), Listed(found));
        }
    }

    private void Fail(Place place, string text, string expected, string got) => _failures.Add(new(file.Source.Path, place, name, text, expected, got));

    /// <summary>A label with an empty value is an absent one.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Present(ImmutableSortedDictionary<string, string> labels) => labels.Where(pair => pair.Value.Length > 0);

    private static string Text(IEnumerable<KeyValuePair<string, string>> labels, ImmutableSortedDictionary<string, string> annotations) =>
        $"{Labels.Of(labels)} {Labels.Of(annotations)}";

    private static string Text(ExpectedSample sample) => $"{sample.Labels} {GoFormat.General(sample.Value)}";

    private static string Text(ExpectedFix fix) => $"{fix.Workflow}{{{string.Join(", ", fix.Inputs.Select(pair => $"{pair.Key}={pair.Value.GetRawText()}"))}}}";

    private static string Listed(IEnumerable<string> items) => string.Join("; ", items) is { Length: > 0 } list ? list : "none";
}
