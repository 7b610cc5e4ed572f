using System.Globalization;
using System.IO.Pipes;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Tests.Storage;

namespace Orchestrator.Runtime.Tests.Series;

public sealed class SampleKillTests(ITestOutputHelper output)
{
    private const int Series = 40;
    private const int Kills = 8;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kills_at_any_moment_of_appends_and_compactions_lose_no_confirmed_sample()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TempFolder();
        var confirmed = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            confirmed = Math.Max(confirmed, await KillAfterAsync(random.Next(1, 400), folder.Path));
            using var rig = new SampleRig(folder.Path);
            Assert.InRange(rig.Store.Watermark, confirmed, long.MaxValue);
            Assert.Equal(Expected(rig.Store.Watermark), SampleRig.Lines(rig.Store.Snapshot()));
            output.WriteLine($"{rig.Store.Watermark} batches, {rig.Files.Count} files up to batch {(rig.Files.Count == 0 ? 0 : rig.Files[^1].LastBatch)}");
        }
    }

    /// <summary>The child: appends batches and says the number of each once it is confirmed; beside it, it compacts all the time.</summary>
    internal static async Task<int> AppendUntilKilledAsync(string folder, string handle)
    {
        await using var pipe = new AnonymousPipeClientStream(PipeDirection.Out, handle);
        await using var said = new StreamWriter(pipe) { AutoFlush = true };
        using var rig = new SampleRig(folder);
        var compacting = CompactAsync(rig);
        while (true)
        {
            var number = rig.Store.Watermark + 1;
            await rig.Database.WriteAsync(transaction => rig.Store.Append(transaction, SampleRig.Start, "monitor:m", Batch(number)), CancellationToken.None);
            await said.WriteLineAsync(number.ToString(CultureInfo.InvariantCulture));
            if (compacting.IsFaulted)
            {
                await compacting;
            }
        }
    }

    private static async Task CompactAsync(SampleRig rig)
    {
        while (true)
        {
            await Task.Yield();
            await rig.CompactAsync(SampleRig.Start, SampleLimits.Default with { CompactAfter = TimeSpan.Zero }, fileBytes: 8192);
        }
    }

    private static LabelledSample[] Batch(long number) =>
        [.. Enumerable.Range(0, Series).Select(s => new LabelledSample(Named(s), new Sample(number * 60_000_000, Value(number, s))))];

    private static List<string> Expected(long batches) =>
        [.. Enumerable.Range(0, Series).OrderBy(Named).SelectMany(s => Enumerable.Range(1, (int)batches).Select(number => FormattableString.Invariant(
            $"{Named(s)} {number * 60_000_000L} {BitConverter.DoubleToInt64Bits(Value(number, s)):x} 0 0 {number}")))];

    private static Labels Named(int series) => Labels.Of("m", ("s", series.ToString(CultureInfo.InvariantCulture)));

    private static double Value(long batch, int series) => (series % 3) switch { 0 => batch, 1 => (batch % 97) / 100.0, _ => Math.Sqrt((batch * Series) + series) };

    private static async Task<long> KillAfterAsync(int count, string folder)
    {
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        using var child = ChildProcess.Start(ChildProcess.Command("append-until-killed", folder, pipe.GetClientHandleAsString()));
        pipe.DisposeLocalCopyOfClientHandle();
        using var reader = new StreamReader(pipe);
        var (said, last) = (0, 0L);
        while (await reader.ReadLineAsync(Cancel) is { } line)
        {
            last = long.Parse(line, CultureInfo.InvariantCulture);
            if (++said == count)
            {
                child.Kill(); // SIGKILL
            }
        }

        await child.WaitForExitAsync(Cancel);
        Assert.True(said >= count, $"the child ended after {said} batches: {await child.StandardError.ReadToEndAsync(Cancel)}");
        return last;
    }
}
