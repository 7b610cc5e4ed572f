using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Series;

/// <summary>A sample store over a database and files of its own, as a node has them, with files that are small.</summary>
internal sealed class SampleRig : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly SampleFolder _files;
    private readonly string _database;

    public SampleRig(string folder)
    {
        _database = Path.Combine(folder, "test.db");
        _files = new SampleFolder(folder);
        Database = Database.Open(_database, TimeProvider.System);
        Store = Loaded();
    }

    public Database Database { get; private set; }

    public SampleStore Store { get; private set; }

    /// <summary>What was said of the last loading.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Where the samples of batches are once they are compacted.</summary>
    public IReadOnlyList<SampleFile> Files => Database.Read(SampleFileStore.All);

    public Task<long> AppendAsync(DateTimeOffset at, string source, params LabelledSample[] samples) =>
        Database.WriteAsync(transaction => Store.Append(transaction, at, source, samples), TestContext.Current.CancellationToken);

    /// <summary>Compacts what was received up to an instant.</summary>
    public Task<bool> CompactAsync(DateTimeOffset now, SampleLimits limits, long fileBytes = 16) => new SampleCompaction(
        Database, Store, _files, limits with { FileBytes = fileBytes }, new Clocks(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now), TimeProvider.System)).RunAsync(CancellationToken.None);

    /// <summary>Begins anew with what is stored, as a restarted server does.</summary>
    public void Restart()
    {
        Warnings.Clear();
        Database.Dispose();
        Database = Database.Open(_database, TimeProvider.System);
        Store = Loaded();
    }

    /// <summary>Every sample of a snapshot to its last bit, one line each.</summary>
    public static List<string> Lines(SeriesSnapshot snapshot) =>
        [.. snapshot.All.SelectMany(series => series.Samples.Select(sample => FormattableString.Invariant(
            $"{series.Labels} {sample.Time} {BitConverter.DoubleToInt64Bits(sample.Value):x} {sample.ValidUntil} {sample.Rows} {sample.Batch}")))];

    public void Dispose() => Database.Dispose();

    private SampleStore Loaded()
    {
        var store = new SampleStore();
        Database.Read(connection => { store.Load(connection, _files, Warnings.Add); return true; });
        return store;
    }
}
