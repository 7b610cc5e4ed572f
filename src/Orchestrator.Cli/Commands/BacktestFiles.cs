using Orchestrator.Core.Rules;
using Orchestrator.Runtime.Pictures;
using Orchestrator.Server.Rules;

namespace Orchestrator.Cli.Commands;

/// <summary>What a backtest leaves in a folder: its transitions, and a picture of each rule.</summary>
internal static class BacktestFiles
{
    public static async Task WriteAsync(string folder, LiveBacktestShown backtest, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "transitions.jsonl"), string.Concat(backtest.Transitions.Select(line => line + "\n")), cancellation);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var trace in backtest.Traces)
        {
            var scene = RulePicture.Of(trace, backtest.Report.From, backtest.Report.To);
            var name = Named(trace, names);
            await File.WriteAllTextAsync(Path.Combine(folder, name + ".svg"), scene.ToSvg(), cancellation);
            await File.WriteAllBytesAsync(Path.Combine(folder, name + ".png"), scene.ToPng(), cancellation);
        }
    }

    /// <summary>The group and the rule in letters that any file system takes, with a number where they are taken.</summary>
    private static string Named(TracedRule trace, HashSet<string> names)
    {
        var plain = string.Concat($"{trace.Group}.{trace.Rule}".Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
        var name = plain.Length > 100 ? plain[..100] : plain;
        for (var number = 2; !names.Add(name); number++)
        {
            name = $"{plain[..Math.Min(100, plain.Length)]}.{number}";
        }

        return name;
    }
}
