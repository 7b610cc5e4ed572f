using System.CommandLine;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Cli.Commands;

/// <summary><c>demo</c>: the data of the demo's stories, and of the examples.</summary>
internal static class DemoCommand
{
    private const ulong Seed = 1;

    /// <summary>What a folder is known by, and what writes its data.</summary>
    private static readonly (string File, Func<string, CancellationToken, Task> WriteAsync)[] Demos =
    [
        ("digits.csv.gz", WriteDigitsAsync),
        ("churn.model.yaml", (folder, _) => WriteNowAsync(() => ChurnExample.Write(Path.Combine(folder, "data"), Seed))),
        ("intents.model.yaml", (folder, _) => WriteNowAsync(() => IntentsExample.Write(Path.Combine(folder, "data"), Seed))),
    ];

    private static readonly Argument<string> Folder = new("folder")
    {
        Description = "The folder of the demo, or of an example.", DefaultValueFactory = _ => Path.Combine("deploy", "demo"),
    };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "demo", "Writes the data of the demo's stories, or of an example; the same bytes every time.", "orchestrator demo", "orchestrator demo rules/examples/churn") { Folder };
        verb.SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var folder = parsed.GetRequiredValue(Folder);
        var demo = Array.Find(Demos, demo => File.Exists(Path.Combine(folder, demo.File)));
        if (demo.WriteAsync is null)
        {
            throw new CommandException($"\"{folder}\" is no folder of a demo; allowed: one that holds {string.Join(" or ", Demos.Select(one => one.File))}");
        }

        await demo.WriteAsync(folder, cancellation);
        terminal.Line($"The demo's data are in {Path.Combine(folder, "data")}");
        return ExitCode.Ok;
    }

    private static Task WriteNowAsync(Action write)
    {
        write();
        return Task.CompletedTask;
    }

    private static async Task WriteDigitsAsync(string folder, CancellationToken cancellation)
    {
        var digits = Path.Combine(folder, "digits.csv.gz");
        var data = Path.Combine(folder, "data");
        await DigitsDemo.WriteAsync(digits, data, Seed, cancellation);
        await ScannerDemo.WriteAsync(digits, Path.Combine(data, "drift"), Seed + 1, cancellation);
        await ReleaseDemo.WriteAsync(digits, Path.Combine(data, "deployment"), Seed + 2, cancellation);
    }
}
