using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Rules;

/// <summary>Reads a rule test file.</summary>
internal sealed class RuleTestReader(YamlFile file, DiagnosticList diagnostics)
{
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
            Each(fields, "fix_test", "a fix test", (inner, _) => Fix(inner)));
        fields.NotYet("external_labels", "TEST009");
        fields.NotYet("external_url", "TEST009");
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
        var (values, problem) = SeriesNotation.Values(fields.Text("values") ?? "");
        fields.Close();
        if (series.Length > 0 && labels is not { Name.Length: > 0 })
        {
            fields.Diagnostics.Error(fields.At("series"), "TEST002", $"\"{series}\" is no series", "allowed: a name with labels, such as up{job=\"a\"}");
        }

        if (problem is not null)
        {
            var histogram = problem.Contains("{{", StringComparison.Ordinal);
            fields.Diagnostics.Error(fields.At("values"), histogram ? "TEST009" : "TEST003", histogram ? "native histograms: not supported yet" : $"\"{problem}\" is no value of a series", SeriesNotation.ValuesAllowed);
        }

        return labels is null ? null : new(labels, values);
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
        fields.Refuse("histogram", "TEST009", "native histograms: not supported yet");
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

        return labels is null || value is null ? null : new(labels, value.Value);
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

    private static TimeSpan EvalTime(Fields fields)
    {
        fields.Required("eval_time");
        return fields.Duration("eval_time") ?? TimeSpan.Zero;
    }

    private static ImmutableArray<T> Each<T>(Fields fields, string name, string what, Func<Fields, int, T?> read)
        where T : class =>
        [.. fields.Items(name).Select((item, i) => Fields.Of(item, what, fields.Diagnostics) is { } inner ? read(inner, i) : null).OfType<T>()];
}
