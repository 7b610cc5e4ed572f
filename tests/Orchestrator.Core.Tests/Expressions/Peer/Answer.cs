using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Peer;

/// <summary>One series of an answer.</summary>
internal sealed record AnsweredSeries(Labels Labels, ImmutableArray<MatrixPoint> Points);

/// <summary>What an expression yields, whoever evaluated it: series with points, a number as a series without labels, or a failure.</summary>
internal sealed record Answer(ImmutableArray<AnsweredSeries> Series, string? Failure)
{
    public static Answer Of(Evaluation evaluation, long time) => evaluation switch
    {
        Evaluation.Failed failed => new Answer([], failed.Error.ToString()),
        Evaluation.Scalar scalar => new Answer([new AnsweredSeries(Labels.Empty, [new MatrixPoint(time, scalar.Value)])], null),
        Evaluation.Vector vector => new Answer([.. vector.Samples.Select(one => new AnsweredSeries(one.Labels, [new MatrixPoint(time, one.Value)]))], null),
        Evaluation.Matrix matrix => new Answer([.. matrix.Series.Select(one => new AnsweredSeries(one.Labels, one.Points))], null),
        _ => new Answer([], evaluation.ToString()),
    };

    public static Answer Of(JsonElement response)
    {
        if (response.GetProperty("status").GetString() != "success")
        {
            return new Answer([], response.GetProperty("error").GetString());
        }

        var data = response.GetProperty("data");
        var result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() switch
        {
            "scalar" => new Answer([new AnsweredSeries(Labels.Empty, [Point(result)])], null),
            "string" => new Answer([], "a string"),
            _ => new Answer([.. result.EnumerateArray().Select(One)], null),
        };
    }

    /// <summary>The same answer without metric names; none where two series would then be one.</summary>
    public Answer? Nameless()
    {
        var series = Series.Select(one => one with { Labels = one.Labels.Without(Labels.NameLabel) }).ToImmutableArray();
        return series.DistinctBy(one => one.Labels).Count() == series.Length ? this with { Series = series } : null;
    }

    /// <summary>The same answer with other values.</summary>
    public Answer With(Func<double, double> value) =>
        this with { Series = [.. Series.Select(one => one with { Points = [.. one.Points.Select(point => point with { Value = value(point.Value) })] })] };

    public override string ToString() => Failure is { } text
        ? $"failure: {text}"
        : string.Join("; ", Series.Select(one => $"{one.Labels} {string.Join(' ', one.Points.Select(point => Shown(point.Value)))}"));

    private static string Shown(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static AnsweredSeries One(JsonElement series)
    {
        var labels = Labels.Of(series.GetProperty("metric").EnumerateObject().Select(label => KeyValuePair.Create(label.Name, label.Value.GetString()!)));
        return new AnsweredSeries(labels, series.TryGetProperty("values", out var values) ? [.. values.EnumerateArray().Select(Point)] : [Point(series.GetProperty("value"))]);
    }

    private static MatrixPoint Point(JsonElement pair)
    {
        var text = pair[1].GetString();
        var value = text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.Parse(text!, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        return new MatrixPoint((long)Math.Round(pair[0].GetDouble() * 1000) * 1000, value);
    }
}
