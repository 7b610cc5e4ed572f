using Orchestrator.Core.Series;
using Orchestrator.Runtime.Series;

namespace Orchestrator.EndToEnd.Tests.Series;

/// <summary>The live server with eleven minutes of two series: one counts sixty a minute, the other stays.</summary>
public sealed class PrometheusServer : IAsyncLifetime
{
    /// <summary>2026-01-05T00:00:00Z in Unix seconds.</summary>
    public const long Start = 1767571200;

    public LiveServer Live { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Live.InitializeAsync();
        LabelledSample[] samples =
        [
            .. Enumerable.Range(0, 11).SelectMany(minute => new[] { At("a", minute, minute * 60), At("b", minute, 1e-7), At(minute) }),
            new(Labels.Of("queue", ("instance", "a"), ("ü", "\"x\"")), new Sample((Start + 3600) * 1_000_000, double.PositiveInfinity)),
        ];
        await Live.Node.Database.WriteAsync(
            transaction => Live.Node.Samples.Append(transaction, DateTimeOffset.FromUnixTimeSeconds(Start), SampleStore.OfMonitor("web"), samples), CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Live.DisposeAsync();

    private static LabelledSample At(int minute) => new(Labels.Of("load", ("instance", "a")), new Sample((Start + (minute * 60)) * 1_000_000, minute));

    private static LabelledSample At(string instance, int minute, double value) =>
        new(Labels.Of("http_requests_total", ("instance", instance), ("job", "api")), new Sample((Start + (minute * 60)) * 1_000_000, value));
}
