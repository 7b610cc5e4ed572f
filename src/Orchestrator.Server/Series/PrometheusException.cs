namespace Orchestrator.Server.Series;

/// <summary>Ends a request to Prometheus's query API with an answer in its shape of errors.</summary>
internal sealed class PrometheusException(PrometheusError error, string message) : Exception(message)
{
    public PrometheusError Error { get; } = error;
}

/// <summary>Kinds of errors in Prometheus's words, with their status.</summary>
internal sealed record PrometheusError(string Type, int Status)
{
    public static readonly PrometheusError BadData = new("bad_data", 400);
    public static readonly PrometheusError Execution = new("execution", 422);
    public static readonly PrometheusError Timeout = new("timeout", 503);
    public static readonly PrometheusError NotFound = new("not_found", 404);
}
