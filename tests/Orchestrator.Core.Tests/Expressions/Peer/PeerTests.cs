using System.Globalization;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Peer;

/// <summary>
/// Random expressions over random series, answered by a real Prometheus as well. How many, and from which seed, is set by <c>PROMQL_EXPRESSIONS</c> and
/// <c>PROMQL_SEED</c>; figures are printed with <c>--output Detailed --show-stdout All</c>.
/// </summary>
public sealed class PeerTests(ITestOutputHelper output)
{
    private const int MostShown = 20;

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    [Fact]
    public async Task A_real_Prometheus_gives_the_same_answers()
    {
        var (count, seed) = (Setting("PROMQL_EXPRESSIONS", 1_000), Setting("PROMQL_SEED", 1));
        await using var server = await PrometheusServer.StartAsync();
        var samples = RandomSeries.Of(new Random(seed));
        await server.WriteAsync(samples);
        var peer = new PeerRun(server, samples);
        var (random, differences) = (new Random(seed + 1), new List<string>());
        for (var i = 0; i < count && differences.Count < MostShown; i++)
        {
            if (await peer.AskAsync(Next(random)) is { } difference)
            {
                differences.Add(difference);
            }
        }

        output.WriteLine($"Prometheus {await server.VersionAsync()}, seed {seed}: {peer.Figures}");
        Assert.True(differences.Count == 0, $"seed {seed}: {string.Join('\n', differences)}");
        Assert.True(peer.Filled > count / 3, $"seed {seed}: only {peer.Filled} of {count} answers hold anything");
        Assert.True(peer.Allowed < count / 20, $"seed {seed}: {peer.Allowed} of {count} answers differ, if with a reason");
    }

    private static Question Next(Random random)
    {
        var expressions = new RandomExpressions(random);
        var text = expressions.Next();
        var start = expressions.Instant();
        var step = random.Next(1, 6) * 30 * Timestamp.PerSecond;
        var range = random.Next(3) == 0 ? new TimeRange(start, start + (random.Next(1, 12) * step), step) : new TimeRange(start, start, 0);
        return new Question(random.Next(20) == 0 ? expressions.Broken(text) : text, range);
    }
}
