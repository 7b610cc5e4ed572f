using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Server.Series;

/// <summary>Answers in the shapes of Prometheus's query API.</summary>
internal static class PrometheusJson
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="data">Writes the value of <c>data</c>.</param>
    public static Task SuccessAsync(HttpContext http, Action<Utf8JsonWriter> data, PrometheusNotes notes) => WriteAsync(http, 200, json =>
    {
        json.WriteString("status", "success");
        json.WritePropertyName("data");
        data(json);
        Texts(json, "warnings", notes.Warnings);
        Texts(json, "infos", notes.Notices);
    });

    public static Task FailAsync(HttpContext http, PrometheusError error, string text) => WriteAsync(http, error.Status, json =>
    {
        json.WriteString("status", "error");
        json.WriteString("errorType", error.Type);
        json.WriteString("error", text);
    });

    public static void Strings(Utf8JsonWriter json, IEnumerable<string> texts)
    {
        json.WriteStartArray();
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    public static void Labels(Utf8JsonWriter json, Labels labels) => Pairs(json, labels.Pairs);

    public static void Pairs(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        json.WriteStartObject();
        foreach (var (name, value) in pairs)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    /// <summary>The value of an expression: its type and its result.</summary>
    public static void Result(Utf8JsonWriter json, Evaluation value, long at)
    {
        json.WriteStartObject();
        json.WriteString("resultType", value switch
        {
            Evaluation.Vector => "vector",
            Evaluation.Matrix => "matrix",
            Evaluation.Scalar => "scalar",
            _ => "string",
        });
        json.WritePropertyName("result");
        switch (value)
        {
            case Evaluation.Vector vector:
                Each(json, vector.Samples, sample => Series(json, sample.Labels, "value", () => Point(json, at, PrometheusNumber.Text(sample.Value))));
                break;
            case Evaluation.Matrix matrix:
                Each(json, matrix.Series, series => Series(
                    json, series.Labels, "values", () => Each(json, series.Points, point => Point(json, point.Time, PrometheusNumber.Text(point.Value)))));
                break;
            case Evaluation.Scalar scalar:
                Point(json, at, PrometheusNumber.Text(scalar.Value));
                break;
            case Evaluation.Text text:
                Point(json, at, text.Value);
                break;
        }

        json.WriteEndObject();
    }

    public static void Each<T>(Utf8JsonWriter json, ImmutableArray<T> items, Action<T> write)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }

    private static void Series(Utf8JsonWriter json, Labels labels, string name, Action points)
    {
        json.WriteStartObject();
        json.WritePropertyName("metric");
        Labels(json, labels);
        json.WritePropertyName(name);
        points();
        json.WriteEndObject();
    }

    private static void Point(Utf8JsonWriter json, long micros, string value)
    {
        json.WriteStartArray();
        json.WriteRawValue(PrometheusNumber.Seconds(micros));
        json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        if (!texts.IsEmpty)
        {
            json.WritePropertyName(name);
            Strings(json, texts);
        }
    }

    private static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> fields)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, _options);
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }
}

/// <summary>What an answer tells beside its data.</summary>
internal sealed record PrometheusNotes(ImmutableArray<string> Warnings, ImmutableArray<string> Notices)
{
    public static PrometheusNotes None { get; } = new([], []);

    /// <summary>Notes of an evaluation with their places in the query, in Prometheus's words.</summary>
    public static PrometheusNotes Of(Evaluation evaluation, string query)
    {
        string Text(EvaluationNote note) => $"PromQL {(note.IsWarning ? "warning" : "info")}: {note.Text} ({PrometheusParameters.Place(query, note.Offset)})";
        return new([.. evaluation.Notes.Where(note => note.IsWarning).Select(Text)], [.. evaluation.Notes.Where(note => !note.IsWarning).Select(Text)]);
    }

    /// <summary>The first so many, and a warning where there are more.</summary>
    public (ImmutableArray<T> Kept, PrometheusNotes Notes) Cut<T>(ImmutableArray<T> items, int limit) =>
        items.Length <= limit ? (items, this) : (items[..limit], this with { Warnings = [.. Warnings, "results truncated due to limit"] });
}
