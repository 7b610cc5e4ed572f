using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Core.Tests.Revisions;

/// <summary>No input ends the process, none takes a second, each is answered by a result or a diagnostic.</summary>
public sealed class FuzzTests
{
    private const int Usual = 20_000;

    /// <summary>A process that says nothing for so long hangs.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private readonly ITestOutputHelper _output = TestContext.Current.TestOutputHelper!;

    /// <summary>How many: ORCHESTRATOR_FUZZ; which: ORCHESTRATOR_FUZZ_SEED.</summary>
    [Fact]
    public async Task Any_input_is_answered()
    {
        var count = Number("ORCHESTRATOR_FUZZ") ?? Usual;
        var seed = Number("ORCHESTRATOR_FUZZ_SEED") ?? 20260105;
        _output.WriteLine($"{count} inputs, seed {seed}");
        var (wrong, slow, results, diagnostics) = (new List<long>(), new List<long>(), 0L, 0L);
        const int Batch = 20_000;
        for (var from = 0L; from < count; from += Batch)
        {
            var ended = await RunAsync(seed, from, Math.Min(Batch, count - from));
            wrong.AddRange(ended.Wrong);
            slow.AddRange(ended.Slow);
            (results, diagnostics) = (results + ended.Results, diagnostics + ended.Diagnostics);
        }

        foreach (var number in slow)
        {
            if (await IsSlowAsync(seed, number))
            {
                wrong.Add(number);
            }
        }

        _output.WriteLine($"{results} results, {diagnostics} diagnostics, {slow.Count} slow at first");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20).Select(number => $"input {number} of seed {seed}: {Shown(seed, number)}")));
        Assert.Equal(count, results + diagnostics);
        Assert.True(results > count / 50 && diagnostics > count / 50, "the inputs are all of one kind");
    }

    /// <summary>Alone and three times, to tell a slow answer from a busy machine.</summary>
    private static async Task<bool> IsSlowAsync(long seed, long number)
    {
        for (var i = 0; i < 3; i++)
        {
            if ((await RunAsync(seed, number, 1)).Slow.Count == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<Ended> RunAsync(long seed, long from, long count)
    {
        var progress = Path.GetTempFileName();
        try
        {
            string[] arguments = [typeof(FuzzTests).Assembly.Location, "fuzz", Text(seed), Text(from), Text(count), progress];
            using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            var hangs = !await EndsAsync(process, progress);
            var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (!hangs && lines is [.., var last] && last.StartsWith("done ", StringComparison.Ordinal))
            {
                var counts = last.Split(' ');
                return new(Numbers(lines, "wrong "), Numbers(lines, "slow "), Parse(counts[1]), Parse(counts[2]));
            }

            var at = BitConverter.ToInt64(await File.ReadAllBytesAsync(progress, TestContext.Current.CancellationToken));
            Assert.Fail($"input {at} of seed {seed} {(hangs ? "hangs" : "ends the process")}: {Shown(seed, at)}\n{(await error)[..Math.Min(2000, error.Result.Length)]}");
            throw new UnreachableException();
        }
        finally
        {
            File.Delete(progress);
        }
    }

    /// <summary>False where it had to be killed, because it was at the same input for too long.</summary>
    private static async Task<bool> EndsAsync(Process process, string progress)
    {
        var (at, since) = (-1L, Stopwatch.GetTimestamp());
        var exit = process.WaitForExitAsync(TestContext.Current.CancellationToken);
        while (await Task.WhenAny(exit, Task.Delay(Silence / 10, TimeProvider.System, TestContext.Current.CancellationToken)) != exit)
        {
            var now = BitConverter.ToInt64(await ReadAsync(progress));
            if (now != at)
            {
                (at, since) = (now, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(since) > Silence)
            {
                process.Kill(entireProcessTree: true);
                return false;
            }
        }

        return true;
    }

    private static async Task<byte[]> ReadAsync(string progress)
    {
        var bytes = new byte[sizeof(long)];
        await using var file = new FileStream(progress, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        return bytes;
    }

    private static List<long> Numbers(string[] lines, string kind) => [.. lines.Where(line => line.StartsWith(kind, StringComparison.Ordinal)).Select(line => Parse(line[kind.Length..]))];

    private static string Shown(long seed, long number)
    {
        var (path, text, _) = new FuzzInput(seed).At(number);
        return $"{path ?? "expression"} {System.Text.Json.JsonSerializer.Serialize(text.Length > 600 ? text[..600] + "…" : text)}";
    }

    private static long? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? Parse(text) : null;

    private static long Parse(string text) => long.Parse(text.Trim(), CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Ended(List<long> Wrong, List<long> Slow, long Results, long Diagnostics);
}
