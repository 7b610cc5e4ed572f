using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>A node over a folder with a few rules and a few rows, its clock in the test's hand.</summary>
internal sealed partial class TinyNode : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The operator's connections, beside the folder "data".</summary>
    public string Connections { get; init; } = "";

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    private readonly TempFolder _folder;
    private Node? _node;
    private EffectWorker? _worker;

    /// <summary>Further lines of the operator's file; where there are any, targets and hooks are really told.</summary>
    public string Outside { get; set; } = "";

    public TinyNode(TempFolder? folder = null) => _folder = folder ?? new TempFolder();

    public FakeTimeProvider Real { get; } = new(new DateTimeOffset(2030, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public Node Node => _node!;

    public EffectWorker Worker => _worker!;

    private string Operator => $$"""
        environment: test
        folder: .
        storage: {sqlite: workspace/orchestrator.db}
        transport: {in_memory: true}
        connections: {data: {folder: data}{{Connections}}}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Writes a file of the rules, such as <c>rules/m.monitor.yaml</c>, or of the connection, such as <c>data/rows.csv</c>.</summary>
    public TinyNode Author(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllText(_folder[path], text);
        return this;
    }

    public void Remove(string path) => File.Delete(_folder[path]);

    /// <summary>How long an address may take to answer: long enough for a busy machine, where a test does not ask for less.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    public string PathOf(string path) => _folder[path];

    public async Task<TinyNode> OpenAsync(int threads = 2)
    {
        await ReopenAsync(threads);
        Assert.True(Node.Revisions.Current is not null, string.Join('\n', (await Node.Revisions.SyncAsync(Cancel)).Diagnostics));
        return this;
    }

    /// <summary>Opens the same workspace, whatever state the files are in.</summary>
    public async Task ReopenAsync(int threads = 2)
    {
        _node?.Dispose();
        Directory.CreateDirectory(_folder["data"]);
        var options = new NodeOptions(_folder["workspace"], OperatorFile.Read("orchestrator.yaml", $"{Operator}\n{Outside}").Value!, _folder.Path)
        {
            Logging = Logging, Story = Start, Real = Real, Analytics = new AnalyticsOptions(threads),
            SendsOut = Outside.Length > 0, Patience = Patience,
        };
        _node = await Node.OpenAsync(options, Cancel);
        _worker = _node.Worker("test");
    }

    /// <summary>Reads the files as they are by now, which are accepted with this advice alone.</summary>
    /// <param name="advice">Codes of warnings in order.</param>
    public async Task ReadAsync(params string[] advice)
    {
        var read = await Node.Revisions.SyncAsync(Cancel);
        Assert.True(read.Accepted, string.Join('\n', read.Diagnostics));
        Assert.Equal(advice, read.Diagnostics.Select(told => Code().Match(told).Value).Order(StringComparer.Ordinal));
    }

    /// <summary>Moves the clock and does all that is due then.</summary>
    public async Task MoveAsync(TimeSpan by)
    {
        await Node.Database.WriteAsync(tx => Node.Story!.Move(tx, Node.Clocks.Now + by), Cancel);
        await SettleAsync();
    }

    /// <summary>Does all that is due now.</summary>
    public async Task SettleAsync()
    {
        while (await Node.RunDueAsync(Cancel) || await Node.DrainEffectsAsync(Worker, Cancel))
        {
        }
    }

    public ImmutableArray<string> Problems(string monitor)
    {
        var firing = Node.Database.Read(connection => FiringStore.Last(connection, monitor));
        Assert.Equal(Node.Clocks.Now, firing?.EndedAt);
        return firing!.Problems;
    }

    /// <summary>The last values of the series of a metric and a dataset, by their labels; a stale one is absent.</summary>
    public IReadOnlyDictionary<string, double> Values(string metric, string dataset) => Node.Samples.Snapshot().All
        .Where(series => series.Labels.Name == metric && series.Labels["dataset"] == dataset && !series.Newest!.Value.IsStale)
        .ToDictionary(series => series.Labels.Without("dataset", "model", Labels.NameLabel).ToString(), series => series.Newest!.Value.Value);

    /// <summary>Metrics of a dataset whose series ended with a staleness marker at the present instant.</summary>
    public IReadOnlyList<string> Vanished(string dataset) => [.. Node.Samples.Snapshot().All
        .Where(series => series.Labels["dataset"] == dataset && series.Newest!.Value.IsStale && series.Newest!.Value.Time == Node.Clocks.Now.ToMicros())
        .Select(series => series.Labels.Name).Distinct().Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _node?.Dispose();
        _folder.Dispose();
    }

    [GeneratedRegex(@"\b[A-Z]+\d{3}\b")]
    private static partial Regex Code();
}
