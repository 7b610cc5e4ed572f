using System.Collections.Immutable;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Revisions;
using Orchestrator.Core.Revisions.Analysis;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Revisions;

/// <summary>No false alarm: what is inferred before there is data holds for random data.</summary>
public sealed class InferenceTests
{
    /// <summary>How many: ORCHESTRATOR_FUZZ.</summary>
    private static readonly int Expressions = int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_FUZZ"), out var count) ? count : 4_000;

    private static readonly string[] Metrics = ["data_label_error_ratio", "data_rows", "model_accuracy", "model_class_f1", "model_mcc", "system_latency_seconds", "received", "other"];
    private static readonly string[] Datasets = ["a", "b"];

    private readonly ITestOutputHelper _output = TestContext.Current.TestOutputHelper!;

    [Fact]
    public void What_is_inferred_of_an_expression_holds_for_what_it_gives()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_FUZZ_SEED"), out var given) ? given : 20260901;
        _output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var series = new KnownSeries(AuthoredFiles.Read(
            new Dictionary<string, string>
            {
                ["m.monitor.yaml"] = "monitor: m\nmodel: m\nevery: 1m\ndatasets: {a: {connection: c, path: a, split: test, roles: {id: i}}, b: {connection: c, path: b, split: test, roles: {id: i}}}\nmetrics: [data, model, system]\n",
            },
            null));
        var (results, verdicts) = (0, 0);
        for (var i = 0; i < Expressions; i++)
        {
            var text = Vector(random, 3);
            if (ExpressionText.Parse(text).Root is not { } root)
            {
                continue;
            }

            var told = new List<(Expr.Binary Op, bool Verdict)>();
            var facts = new Inference(series, (op, left, right) => Note(told, (op, left, right))).Of(root);
            var snapshot = Data(random);
            results += Holds(text, facts, Run(root, snapshot));
            foreach (var (op, verdict) in told)
            {
                verdicts++;
                Kept(op, verdict, snapshot);
            }
        }

        _output.WriteLine($"{results} results, {verdicts} verdicts");
        Assert.True(results > Expressions / 2 && verdicts > Expressions / 20, "too few expressions give anything");
    }

    private static void Note(List<(Expr.Binary, bool)> told, (Expr.Binary Op, Facts Left, Facts Right) at)
    {
        if (at.Op.Op.IsComparison() && !at.Op.ReturnsBool && Comparison.Verdict(at.Op.Op, at.Left.Value, at.Right.Value) is { } verdict)
        {
            told.Add((at.Op, verdict));
        }
    }

    private static int Holds(string text, Facts facts, ImmutableArray<VectorSample> results)
    {
        foreach (var sample in results)
        {
            Assert.True(!facts.IsEmpty, $"{text} gives {sample.Labels}, nothing was expected");
            var value = sample.Value;
            Assert.True(double.IsNaN(value) ? facts.Value.MayBeNaN : facts.Value.Contains(value), $"{text} gives {value:R}, expected {facts.Value}");
            foreach (var (label, known) in facts.Labels.Known.Where(pair => pair.Key != Labels.NameLabel))
            {
                var given = sample.Labels[label];
                Assert.True(given.Length == 0 ? known.MayBeAbsent : known.Values?.Contains(given) != false, $"{text} gives {sample.Labels}, expected {known.Said(label)}");
            }

            var strangers = sample.Labels.Pairs.Where(pair => pair.Key != Labels.NameLabel && facts.Labels[pair.Key].IsAbsent);
            Assert.Empty(strangers);
        }

        return results.Length;
    }

    /// <summary>A comparison that never holds gives nothing; one that always holds gives as much as without it.</summary>
    private static void Kept(Expr.Binary op, bool verdict, SeriesSnapshot snapshot)
    {
        var kept = Run(op, snapshot).Length;
        if (!verdict)
        {
            Assert.True(kept == 0, $"{op} was said never to hold");
        }
        else if (Meeting.IsScalar(op.Right))
        {
            Assert.True(kept == Run(op.Left, snapshot).Length, $"{op} was said always to hold");
        }
    }

    private static ImmutableArray<VectorSample> Run(Expr expr, SeriesSnapshot snapshot) =>
        Evaluator.Evaluate(expr, snapshot, 600 * Timestamp.PerSecond, EvaluationOptions.Default) is Evaluation.Vector vector ? vector.Samples : [];

    private static string Vector(Random random, int depth) => depth == 0 ? Selector(random) : random.Next(10) switch
    {
        0 or 1 => Selector(random),
        2 => $"({Vector(random, depth - 1)}) {Pick(random, "+", "-", "*", "/", "%", "^", "atan2")} {Number(random)}",
        3 => $"({Vector(random, depth - 1)}) {Pick(random, ">", "<", ">=", "<=", "==", "!=", "> bool", "== bool")} {Number(random)}",
        4 => $"{Number(random)} {Pick(random, ">", "<", "-", "/", "*")} ({Vector(random, depth - 1)})",
        5 => $"({Vector(random, depth - 1)}) {Pick(random, "+", "/", ">", "<", "and", "or", "unless")} {Pick(random, "", "on (model)", "on (model, dataset)", "ignoring (class, quantile)")} ({Vector(random, depth - 1)})",
        6 => $"{Pick(random, "sum", "avg", "min", "max", "count", "group", "stddev", "stdvar")} {Pick(random, "", "by (model)", "by (dataset, class)", "without (class)")} ({Vector(random, depth - 1)})",
        7 => $"{Pick(random, "abs", "ceil", "floor", "exp", "ln", "sqrt", "sgn", "sin", "absent", "round", "sort", "minute")}({Vector(random, depth - 1)})",
        8 => $"{Pick(random, "avg", "min", "max", "sum", "count", "last", "stddev", "present")}_over_time({Selector(random)}[{Pick(random, "2m", "5m", "10m")}])",
        _ => $"{Pick(random, "clamp_min", "clamp_max")}({Vector(random, depth - 1)}, {Number(random)})",
    };

    private static string Selector(Random random)
    {
        var matchers = Pick(random, "", "", "{dataset=\"a\"}", "{dataset!=\"a\"}", "{dataset=~\"a|c\"}", "{model=\"m\"}", "{class=\"x\"}", "{class!=\"x\"}");
        return $"{(random.Next(6) == 0 ? "-" : "")}{Pick(random, Metrics)}{matchers}";
    }

    private static string Number(Random random) => Pick(random, "0", "1", "-1", "0.5", "2", "100", "1e300", "Inf", "-Inf", "NaN", "0.1 + 0.2");

    private static string Pick(Random random, params string[] of) => of[random.Next(of.Length)];

    private static SeriesSnapshot Data(Random random) => SeriesSnapshot.Of(
        from name in Metrics
        from dataset in Datasets
        from other in Others(name)
        where random.Next(8) > 0
        from minute in Enumerable.Range(0, 11)
        select new LabelledSample(
            Labels.Of([KeyValuePair.Create("__name__", name), KeyValuePair.Create("dataset", dataset), KeyValuePair.Create("model", "m"), .. other]),
            new Sample(minute * 60 * Timestamp.PerSecond, Value(random, name), 0, minute)));

    private static IEnumerable<KeyValuePair<string, string>[]> Others(string name)
    {
        var label = MetricCatalog.Find(name)?.Labels is [var only, ..] ? only : null;
        return label is null ? [[]] : [[KeyValuePair.Create(label, "x")], [KeyValuePair.Create(label, "y")]];
    }

    /// <summary>The edges of a range are what goes wrong.</summary>
    private static double Value(Random random, string name)
    {
        var range = MetricCatalog.Find(name) is { } metric ? KnownSeries.RangeOf(metric) : Interval.Any;
        var any = range.MayBeNaN ? new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, -7, 3 }[random.Next(5)] : random.NextDouble();
        return random.Next(4) switch
        {
            0 => double.IsFinite(range.Low) ? range.Low : -5,
            1 => double.IsFinite(range.High) ? range.High : 12,
            _ => any,
        };
    }
}
