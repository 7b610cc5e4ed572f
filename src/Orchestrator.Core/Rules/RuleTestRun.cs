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

    private readonly HistogramSeries _histograms =
        new([.. test.Input.Where(series => !series.Histograms.IsEmpty)], test.Start.ToMicros(), test.Interval.ToMicros());

    public List<TestFailure> Run(IEnumerable<RuleFile> rules)
    {
        var groups = Ordered([.. rules.SelectMany(rule => rule.Groups).Select(Surrounded)]);
        if (groups.SelectMany(group => group.Rules).FirstOrDefault(rule => _histograms.RuleObjection(rule) is not null) is { } beyond)
        {
            Fail(test.Place, $"rule {beyond.Name}", "it can be evaluated", _histograms.RuleObjection(beyond)!);
            return _failures;
        }

        _head.Append(0, test.Input.SelectMany(series => series.Samples(test.Start, test.Interval)));
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

    /// <summary>As promtool has it: what the test says of the outside, and its interval as the step of subqueries that name none.</summary>
    private RuleGroup Surrounded(RuleGroup group) =>
        group with { Rules = [.. group.Rules.Select(rule => SubqueryStep.Fill(rule, file.EvaluationInterval))], ExternalLabels = test.ExternalLabels, ExternalUrl = test.ExternalUrl };

    private List<RuleGroup> Ordered(List<RuleGroup> groups) =>
        [.. groups.OrderBy(group => file.GroupOrder.IndexOf(group.Name) is var at and >= 0 ? at : int.MaxValue)];

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
                Fail(test.Place, $"rule {of} of group {group.Name} at {Duration.Text(elapsed)}", "it can be evaluated", state.Health.Error!);
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
            Compare(one.Place, $"alert {one.AlertName} at {Duration.Text(one.EvalTime)}", one.Expected.Select(alert => Text(alert.Labels, alert.Annotations)), got);
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
        var what = $"expr {one.Expression.Text} at {Duration.Text(one.EvalTime)}";
        var options = EvaluationOptions.Default with { DefaultStep = file.EvaluationInterval.ToMicros() };
        var evaluation = Evaluator.Evaluate(one.Expression.Root, _head.Snapshot(), At(one.EvalTime), options);
        var fault = evaluation is Evaluation.Failed failed ? failed.Error.Text : _histograms.Objection(one.Expression.Root);
        if (fault is not null)
        {
            Fail(one.Place, what, "it can be evaluated", fault);
            return;
        }

        List<ExpectedSample> got = evaluation is Evaluation.Vector vector
            ? [.. vector.Samples.Select(sample => new ExpectedSample(sample.Labels, sample.Value)), .. _histograms.Select(one.Expression.Root, At(one.EvalTime))]
            : [new(Labels.Empty, ((Evaluation.Scalar)evaluation).Value)];
        if (!Same([.. one.Expected.OrderBy(sample => sample.Labels)], [.. got.OrderBy(sample => sample.Labels)]))
        {
            Fail(one.Place, what, Listed(one.Expected.Select(Text)), Listed(got.Select(Text)));
        }
    }

    private bool Same(ImmutableArray<ExpectedSample> expected, ImmutableArray<ExpectedSample> got) =>
        expected.Length == got.Length && expected.Zip(got).All(pair => pair.First.Labels == pair.Second.Labels && Same(pair.First, pair.Second));

    private bool Same(ExpectedSample expected, ExpectedSample got) =>
        expected.Histogram is null && got.Histogram is null ? Equal(expected.Value, got.Value) : expected.Histogram is { } wanted && wanted.Equals(got.Histogram);

    /// <summary>As promtool compares: NaN equals nothing, and a fuzzy comparison lets the neighbouring numbers through.</summary>
    private bool Equal(double expected, double got) =>
        expected == got || (file.Fuzzy && (Math.BitIncrement(expected) == got || Math.BitDecrement(expected) == got));

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

    private static string Text(IEnumerable<KeyValuePair<string, string>> labels, ImmutableSortedDictionary<string, string> annotations) => $"{Listed(labels)} {Listed(annotations)}";

    /// <summary>As labels are written; one with an empty value is not an absent one, as in promtool.</summary>
    private static string Listed(IEnumerable<KeyValuePair<string, string>> pairs) =>
        $"{{{string.Join(", ", pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={GoFormat.Quote(pair.Value)}"))}}}";

    private static string Text(ExpectedSample sample) => $"{sample.Labels} {sample.Histogram?.ToString() ?? GoFormat.General(sample.Value)}";

    private static string Text(ExpectedFix fix) => $"{fix.Workflow}{{{string.Join(", ", fix.Inputs.Select(pair => $"{pair.Key}={pair.Value.GetRawText()}"))}}}";

    private static string Listed(IEnumerable<string> items) => string.Join("; ", items) is { Length: > 0 } list ? list : "none";
}
