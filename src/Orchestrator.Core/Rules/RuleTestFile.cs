using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>A <c>NAME.test.yaml</c>: promtool's rule-unit-test format, and <c>fix_test</c>.</summary>
/// <param name="RuleFiles">As written, relative to the file.</param>
/// <param name="GroupOrder">Groups in the order of evaluation; empty for that of the files.</param>
/// <param name="Fuzzy">Whether values may differ in the last digits.</param>
public sealed record RuleTestFile(
    ImmutableArray<string> RuleFiles, TimeSpan EvaluationInterval, ImmutableArray<string> GroupOrder, bool Fuzzy, ImmutableArray<RuleTest> Tests, YamlFile Source)
{
    public static Parsed<RuleTestFile> Read(string path, string text) => RuleTestReader.Read(path, text);

    /// <summary>Runs the tests over rule files through the evaluator that runs in production.</summary>
    /// <param name="isMeant">Whether a test of a name is to be run; all where absent.</param>
    public TestVerdict Run(IReadOnlyCollection<RuleFile> rules, Func<string, bool>? isMeant = null)
    {
        var meant = Tests.Select((test, i) => (Test: test, Name: test.Name ?? $"test {i + 1}")).Where(one => isMeant?.Invoke(one.Test.Name ?? "") != false).ToList();
        return new([.. meant.SelectMany(one => new RuleTestRun(this, one.Test, one.Name).Run(rules))], meant.Count);
    }

    /// <summary>The rule files' paths from where this file's path is relative to.</summary>
    public IEnumerable<string> ResolvedRuleFiles => RuleFiles.Select(file => PathText.Relative(Source.Path, file));
}

/// <summary>One test: input series, and what is expected of rules over them.</summary>
/// <param name="Interval">Time between the values of an input series.</param>
public sealed record RuleTest(
    string? Name,
    TimeSpan Interval,
    DateTimeOffset Start,
    ImmutableArray<InputSeries> Input,
    ImmutableArray<AlertTest> Alerts,
    ImmutableArray<ExpressionTest> Expressions,
    ImmutableArray<FixTest> Fixes)
{
    /// <summary>What templates see as <c>$externalLabels</c>.</summary>
    public Labels ExternalLabels { get; init; } = Labels.Empty;

    /// <summary>What templates see as <c>$externalURL</c>.</summary>
    public string ExternalUrl { get; init; } = "";

    public Place Place { get; init; } = Place.Start;
}

/// <summary>A series that a test starts from.</summary>
/// <param name="Values">One entry an interval, null where there is no sample.</param>
public sealed record InputSeries(Labels Labels, ImmutableArray<double?> Values)
{
    /// <summary>One entry an interval where the series is of native histograms; empty otherwise.</summary>
    public ImmutableArray<HistogramPoint> Histograms { get; init; } = [];

    /// <summary>Its samples, from an instant on in steps of a length.</summary>
    public IEnumerable<LabelledSample> Samples(DateTimeOffset start, TimeSpan interval) =>
        Values.Select((value, i) => (value, i)).Where(pair => pair.value is not null).Select(pair => new LabelledSample(Labels, new Sample((start + (interval * pair.i)).ToMicros(), pair.value!.Value)));
}

/// <summary>The alerts of a name that fire at a time, no more and no fewer.</summary>
public sealed record AlertTest(TimeSpan EvalTime, string AlertName, ImmutableArray<ExpectedAlert> Expected, Place Place);

/// <summary>An alert by its labels but <c>alertname</c>, and its annotations.</summary>
public sealed record ExpectedAlert(ImmutableSortedDictionary<string, string> Labels, ImmutableSortedDictionary<string, string> Annotations);

/// <summary>What an expression gives at a time.</summary>
public sealed record ExpressionTest(TimeSpan EvalTime, RuleExpression Expression, ImmutableArray<ExpectedSample> Expected, Place Place);

/// <summary>A series with its value.</summary>
public sealed record ExpectedSample(Labels Labels, double Value)
{
    /// <summary>The value where it is a native histogram; the number then counts for nothing.</summary>
    public NativeHistogram? Histogram { get; init; }
}

/// <summary>The fixes that the alerts of a name ask for at a time, no more and no fewer.</summary>
public sealed record FixTest(TimeSpan EvalTime, string AlertName, ImmutableArray<ExpectedFix> Expected, Place Place);

/// <summary>A fix by its workflow and the inputs that matter; others may have any value.</summary>
public sealed record ExpectedFix(string Workflow, ImmutableSortedDictionary<string, JsonElement> Inputs);

/// <summary>What came of the tests of a file.</summary>
public sealed record TestVerdict(ImmutableArray<TestFailure> Failures, int Tests)
{
    public bool Passed => Failures.IsEmpty;
}

/// <summary>An expectation that was not met.</summary>
/// <param name="Test">The test's name, or its number.</param>
public sealed record TestFailure(string Path, Place Place, string Test, string Text, string Expected, string Got)
{
    public override string ToString() => $"{Path}:{Place.Line}:{Place.Column}: TEST001 {Test}: {Text}; expected: {Expected}; got: {Got}";
}
