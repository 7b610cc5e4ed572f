using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>Reads a rule test file.</summary>
internal sealed class RuleTestReader(YamlFile file, DiagnosticList diagnostics)
{
    private const string HistogramsAllowed = "allowed: {{schema:0 sum:3 count:2 buckets:[1 1]}}, and {{…}}x2 or {{…}}+{{…}}x2 with buckets that lie alike";

    private readonly ExpressionReader _expressions = new(file, diagnostics);

    public static Parsed<RuleTestFile> Read(string path, string text)
    {
        var diagnostics = new DiagnosticList(path);
        var file = YamlFile.ReadMapping(path, text, diagnostics);
        return diagnostics.Result(file is null ? null : new RuleTestReader(file, diagnostics).Read());
    }

    private RuleTestFile Read()
    {
        var fields = Fields.Of(file.Root!, "the file", diagnostics)!;
        var interval = fields.Period("evaluation_interval") ?? TimeSpan.FromMinutes(1);
        var read = new RuleTestFile(fields.Texts("rule_files"), interval, fields.Texts("group_eval_order"), fields.Flag("fuzzy_compare") ?? false, Tests(fields, interval), file);
        fields.Close();
        if (read.GroupOrder.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            diagnostics.Error(fields.At("group_eval_order"), "TEST010", $"group \"{twice.Key}\" is given twice in the order of evaluation");
        }

        return read;
    }

    private ImmutableArray<RuleTest> Tests(Fields fields, TimeSpan interval) =>
        Each(fields, "tests", "a test", (test, i) => Test(test, interval, i));

    private RuleTest Test(Fields fields, TimeSpan interval, int i)
    {
        object[] path = ["tests", i];
        var test = new RuleTest(
            fields.Text("name"),
            fields.Period("interval") ?? interval,
            Start(fields),
            Each(fields, "input_series", "a series", (inner, _) => Series(inner)),
            Each(fields, "alert_rule_test", "an alert test", (inner, _) => Alert(inner)),
            Each(fields, "promql_expr_test", "an expression test", (inner, j) => Expression(inner, [.. path, "promql_expr_test", j])),
            Each(fields, "fix_test", "a fix test", (inner, _) => Fix(inner)))
        {
            ExternalLabels = Labels.Of(fields.TextMap("external_labels")),
            ExternalUrl = fields.Text("external_url") ?? "",
            Place = fields.Place,
        };
        fields.Close();
        return test;
    }

    private static DateTimeOffset Start(Fields fields)
    {
        if (fields.Text("start_timestamp") is not { } text)
        {
            return DateTimeOffset.UnixEpoch;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return instant;
        }

        var seconds = GoFormat.ParseFloat(text);
        if (seconds is not (>= 0 and < 1e11))
        {
            fields.Diagnostics.Error(fields.At("start_timestamp"), "YAML023", $"\"{text}\" is no value of \"start_timestamp\"", "allowed: an instant such as 2026-01-05T00:00:00Z, or Unix seconds");
        }

        return DateTimeOffset.UnixEpoch.AddSeconds(seconds is >= 0 and < 1e11 ? seconds.Value : 0);
    }

    private static InputSeries? Series(Fields fields)
    {
        var series = fields.RequiredText("series");
        var labels = SeriesNotation.Labels(series);
        var text = fields.Text("values") ?? "";
        fields.Close();
        if (series.Length > 0 && labels is not { Name.Length: > 0 })
        {
            fields.Diagnostics.Error(fields.At("series"), "TEST002", $"\"{series}\" is no series", "allowed: a name with labels, such as up{job=\"a\"}");
        }

        return labels is null ? null : text.Contains("{{", StringComparison.Ordinal) ? Histograms(fields, labels, text) : Numbers(fields, labels, text);
    }

    private static InputSeries Numbers(Fields fields, Labels labels, string text)
    {
        var (values, problem) = SeriesNotation.Values(text);
        if (problem is not null)
        {
            fields.Diagnostics.Error(fields.At("values"), "TEST003", $"\"{problem}\" is no value of a series", SeriesNotation.ValuesAllowed);
        }

        return new(labels, values);
    }

    private static InputSeries Histograms(Fields fields, Labels labels, string text)
    {
        var points = HistogramNotation.Values(text);
        if (points is null)
        {
            fields.Diagnostics.Error(fields.At("values"), "TEST003", "the values are no native histograms", HistogramsAllowed);
        }

        return new(labels, []) { Histograms = points ?? [] };
    }

    private static AlertTest Alert(Fields fields)
    {
        var at = EvalTime(fields);
        var name = fields.RequiredText("alertname");
        var expected = Each(fields, "exp_alerts", "an alert", (inner, _) =>
        {
            var alert = new ExpectedAlert(inner.TextMap("exp_labels"), inner.TextMap("exp_annotations"));
            inner.Close();
            return alert;
        });
        fields.Close();
        return new(at, name, expected, fields.Place);
    }

    private ExpressionTest? Expression(Fields fields, object[] path)
    {
        var text = fields.RequiredText("expr");
        var expression = text.Length == 0 ? null : _expressions.Expression(text, [.. path, "expr"]);
        var at = EvalTime(fields);
        var expected = Each(fields, "exp_samples", "a sample", (inner, _) => Sample(inner));
        fields.Close();
        return expression is null ? null : new(at, expression, expected, fields.Place);
    }

    private static ExpectedSample? Sample(Fields fields)
    {
        var text = fields.Text("labels") ?? "";
        var labels = SeriesNotation.Labels(text);
        var histogram = fields.Text("histogram") is { Length: > 0 } written ? Histogram(fields, written) : null;
        var number = fields.Text("value") ?? "0";
        fields.Close();
        if (labels is null)
        {
            fields.Diagnostics.Error(fields.At("labels"), "TEST002", $"\"{text}\" is no series", "allowed: a name with labels, such as up{job=\"a\"}");
        }

        var value = GoFormat.ParseFloat(number);
        if (value is null)
        {
            fields.Diagnostics.Error(fields.At("value"), "YAML023", $"\"{number}\" is no value of \"value\"", "allowed: a number");
        }

        return labels is null || value is null ? null : new(labels, value.Value) { Histogram = histogram };
    }

    private static NativeHistogram? Histogram(Fields fields, string text)
    {
        var read = HistogramNotation.One(text);
        if (read is null)
        {
            fields.Diagnostics.Error(fields.At("histogram"), "TEST003", $"\"{text}\" is no native histogram", HistogramsAllowed);
        }

        return read;
    }

    private static FixTest Fix(Fields fields)
    {
        var at = EvalTime(fields);
        var name = fields.RequiredText("alertname");
        var expected = Each(fields, "exp_fixes", "a fix", (inner, _) =>
        {
            var fix = new ExpectedFix(inner.RequiredText("workflow"), inner.ValueMap("inputs"));
            inner.Close();
            return fix;
        });
        fields.Close();
        return new(at, name, expected, fields.Place);
    }

    /// <summary>The start where it is not given, as in promtool.</summary>
    private static TimeSpan EvalTime(Fields fields) => fields.Duration("eval_time") ?? TimeSpan.Zero;

    private static ImmutableArray<T> Each<T>(Fields fields, string name, string what, Func<Fields, int, T?> read)
        where T : class =>
        [.. fields.Items(name).Select((item, i) => Fields.Of(item, what, fields.Diagnostics) is { } inner ? read(inner, i) : null).OfType<T>()];
}
