using System.Diagnostics;

namespace Orchestrator.Runtime.Tests.Storage;

/// <summary>Pieces of work that have to be done in a process of their own, because it is killed or has a disk of its own.</summary>
internal static class ChildProcess
{
    /// <summary>The command line that does <paramref name="work"/> in this very program.</summary>
    public static IEnumerable<string> Command(params IEnumerable<string> work)
    {
        var host = Environment.ProcessPath!;
        IEnumerable<string> start = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, "exec", typeof(ChildProcess).Assembly.Location] : [host];
        return [.. start, "child", .. work];
    }

    public static Process Start(IEnumerable<string> command)
    {
        var words = command.ToList();
        return Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>What runs in the child.</summary>
    public static Task<int> RunAsync(string[] work) => work switch
    {
        ["write-until-killed", var file, var pipe] => Kill9Tests.WriteUntilKilledAsync(file, pipe),
        ["train-until-killed", var folder] => Runners.KilledServerTests.TrainUntilKilledAsync(folder),
        ["append-until-killed", var folder, var pipe] => Series.SampleKillTests.AppendUntilKilledAsync(folder, pipe),
        ["fill", var folder] => DiskFullTests.FillSmallDiskAsync(folder),
        _ => throw new ArgumentException(string.Join(' ', work)),
    };
}
