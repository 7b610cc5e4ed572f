using System.Collections.Immutable;
using System.Reflection;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Expressions.Typing;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Series;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Series;

/// <summary>Prometheus's HTTP query API over our series, for Grafana, promtool and whoever else speaks it.</summary>
/// <remarks>https://prometheus.io/docs/prometheus/latest/querying/api/</remarks>
internal static class PrometheusEndpoints
{
    private const int MostPoints = 11_000;
    private const int MostSamples = 50_000_000;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    private static readonly string[] _read = ["GET"];
    private static readonly string[] _asked = ["GET", "POST"];

    public static void MapPrometheus(this IEndpointRouteBuilder routes)
    {
        // Prometheus's own documentation describes it; the document of this API is what the pages' types are made from.
        var api = routes.MapGroup("/api/v1").ExcludeFromDescription();
        Map(api, _asked, "/query", QueryAsync);
        Map(api, _asked, "/query_range", QueryRangeAsync);
        Map(api, _asked, "/series", SeriesAsync);
        Map(api, _asked, "/labels", LabelsAsync);
        Map(api, _read, "/label/{name}/values", ValuesAsync);
        Map(api, _read, "/metadata", MetadataAsync);
        Map(api, _read, "/rules", PrometheusRules.RulesAsync);
        Map(api, _read, "/alerts", PrometheusRules.AlertsAsync);
        Map(api, _read, "/status/buildinfo", BuildAsync);
    }

    private static void Map(RouteGroupBuilder api, string[] methods, string path, Func<PrometheusRequest, Task> answer) =>
        api.MapMethods(path, methods, (HttpContext http, Node node) => AnswerAsync(http, node, answer)).Needs(Role.Viewer, About.Shown);

    private static async Task AnswerAsync(HttpContext http, Node node, Func<PrometheusRequest, Task> answer)
    {
        try
        {
            await answer(new PrometheusRequest(http, node, await PrometheusParameters.ReadAsync(http.Request)));
        }
        catch (PrometheusException error)
        {
            await PrometheusJson.FailAsync(http, error.Error, error.Message);
        }
    }

    private static Task QueryAsync(PrometheusRequest request)
    {
        var at = request.Parameters.Time("time") ?? request.Now;
        var options = Options(request);
        var limit = request.Parameters.Limit();
        var query = request.Parameters.Query();
        return AnswerAsync(request, Evaluator.Evaluate(query.Root!, request.Snapshot, at, options), at, limit);
    }

    private static Task QueryRangeAsync(PrometheusRequest request)
    {
        var parameters = request.Parameters;
        var (start, end) = (parameters.RequiredTime("start"), parameters.RequiredTime("end"));
        var step = parameters.Span("step") ?? throw PrometheusParameters.Bad("step", "cannot parse \"\" to a valid duration");
        if (end < start)
        {
            throw PrometheusParameters.Bad("end", "end timestamp must not be before start time");
        }

        if (step <= 0)
        {
            throw PrometheusParameters.Bad("step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }

        if ((end - start) / step > MostPoints)
        {
            throw new PrometheusException(PrometheusError.BadData, "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)");
        }

        var options = Options(request);
        var limit = parameters.Limit();
        var query = parameters.Query();
        return query.Type is ExprType.Scalar or ExprType.Vector
            ? AnswerAsync(request, Evaluator.EvaluateRange(query.Root!, request.Snapshot, new TimeRange(start, end, step), options), end, limit)
            : throw PrometheusParameters.Bad("query", $"invalid expression type \"{query.Type.Name()}\" for range query, must be Scalar or instant Vector");
    }

    /// <summary>The look-back that is asked for, and an end of patience: the time-out that is asked for, two minutes at most.</summary>
    private static EvaluationOptions Options(PrometheusRequest request)
    {
        var asked = request.Parameters.Span("timeout") is { } micros ? TimeSpan.FromMicroseconds(micros) : _patience;
        var patience = asked < _patience ? asked : _patience;
        var clock = request.Node.Clocks.Real;
        var began = clock.GetTimestamp();
        return EvaluationOptions.Default with
        {
            Lookback = request.Parameters.Span("lookback_delta") ?? EvaluationOptions.Default.Lookback,
            MostSamples = MostSamples,
            IsOver = () => clock.GetElapsedTime(began) >= patience || request.Http.RequestAborted.IsCancellationRequested,
        };
    }

    private static Task AnswerAsync(PrometheusRequest request, Evaluation value, long at, int limit)
    {
        if (value is Evaluation.Failed { Error: var error })
        {
            throw error.Code == ExpressionCodes.Timeout
                ? new PrometheusException(PrometheusError.Timeout, error.Text)
                : new PrometheusException(PrometheusError.Execution, error.Text);
        }

        var notes = PrometheusNotes.Of(value, request.Parameters.Text("query") ?? "");
        (value, notes) = value switch
        {
            Evaluation.Vector vector when notes.Cut(vector.Samples, limit) is var (kept, all) => (vector with { Samples = kept }, all),
            Evaluation.Matrix matrix when notes.Cut(matrix.Series, limit) is var (kept, all) => (matrix with { Series = kept }, all),
            _ => (value, notes),
        };
        return PrometheusJson.SuccessAsync(request.Http, json => PrometheusJson.Result(json, value, at), notes);
    }

    private static Task SeriesAsync(PrometheusRequest request)
    {
        var limit = request.Parameters.Limit();
        if (request.Parameters.Texts("match[]").IsEmpty)
        {
            throw new PrometheusException(PrometheusError.BadData, "no match[] parameter provided");
        }

        var (kept, notes) = PrometheusNotes.None.Cut([.. request.Chosen().Select(series => series.Labels)], limit);
        return PrometheusJson.SuccessAsync(request.Http, json => PrometheusJson.Each(json, kept, labels => PrometheusJson.Labels(json, labels)), notes);
    }

    private static Task LabelsAsync(PrometheusRequest request) =>
        ListAsync(request, request.Chosen().SelectMany(series => series.Labels.Pairs.Select(pair => pair.Key)));

    private static Task ValuesAsync(PrometheusRequest request)
    {
        var name = (string)request.Http.GetRouteValue("name")!;
        return ListAsync(request, request.Chosen().Select(series => series.Labels[name]).Where(value => value.Length > 0));
    }

    private static Task ListAsync(PrometheusRequest request, IEnumerable<string> texts)
    {
        var limit = request.Parameters.Limit();
        var (kept, notes) = PrometheusNotes.None.Cut([.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], limit);
        return PrometheusJson.SuccessAsync(request.Http, json => PrometheusJson.Strings(json, kept), notes);
    }

    private static Task MetadataAsync(PrometheusRequest request)
    {
        var wanted = request.Parameters.Text("metric");
        var metrics = MetricCatalog.All.Where(metric => wanted is null || metric.Name == wanted).Take(request.Parameters.Limit());
        return PrometheusJson.SuccessAsync(
            request.Http,
            json =>
            {
                json.WriteStartObject();
                foreach (var metric in metrics)
                {
                    json.WriteStartArray(metric.Name);
                    PrometheusJson.Pairs(json, [new("type", "gauge"), new("help", metric.Help), new("unit", "")]);
                    json.WriteEndArray();
                }

                json.WriteEndObject();
            },
            PrometheusNotes.None);
    }

    /// <summary>The version is that of the language which is spoken: callers choose by it what they ask for.</summary>
    private static Task BuildAsync(PrometheusRequest request) => PrometheusJson.SuccessAsync(
        request.Http,
        json => PrometheusJson.Pairs(
            json,
            [
                new("version", "3.0.0"), new("revision", $"orchestrator {typeof(PrometheusEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}"),
                new("branch", ""), new("buildUser", ""), new("buildDate", ""), new("goVersion", ""),
            ]),
        PrometheusNotes.None);
}

/// <summary>A request to Prometheus's query API, over the series as they are now.</summary>
internal sealed record PrometheusRequest(HttpContext Http, Node Node, PrometheusParameters Parameters)
{
    public SeriesSnapshot Snapshot { get; } = Node.Samples.SnapshotFor(Http.User.Actor());

    public Actor Actor => Http.User.Actor();

    public long Now => Node.Clocks.Now.ToMicros();

    /// <summary>The series that any of the selectors chooses, or all where there is none, that have samples in the range which is asked about; in the order of their labels.</summary>
    public IEnumerable<SeriesPoints> Chosen()
    {
        var selectors = Parameters.Selectors();
        var (start, end) = (Parameters.Time("start") ?? long.MinValue, Parameters.Time("end") ?? long.MaxValue);
        IEnumerable<SeriesPoints> chosen = selectors.IsEmpty ? Snapshot.All
            : selectors.Length == 1 ? Snapshot.Select(selectors[0].AsSpan())
            : selectors.SelectMany(matchers => Snapshot.Select(matchers.AsSpan())).DistinctBy(series => series.Labels).OrderBy(series => series.Labels);
        return chosen.Where(series => series.At(end) is { } newest && newest.Time >= start);
    }
}
