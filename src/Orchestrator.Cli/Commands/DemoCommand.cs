using System.CommandLine;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Cli.Commands;

/// <summary><c>demo</c>: the data of the demo's stories.</summary>
internal static class DemoCommand
{
    private const ulong Seed = 1;

    private static readonly Argument<string> Folder = new("folder")
    {
        Description = "The folder of the demo, which holds digits.csv.gz.", DefaultValueFactory = _ => Path.Combine("deploy", "demo"),
    };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "demo", "Writes the data of the demo's stories beside its digits; the same bytes every time.", "orchestrator demo", "orchestrator demo deploy/demo") { Folder };
        verb.SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var folder = parsed.GetRequiredValue(Folder);
        var digits = Path.Combine(folder, "digits.csv.gz");
        if (!File.Exists(digits))
        {
            throw new CommandException($"\"{digits}\" does not exist; say the folder of the demo");
        }

        var data = Path.Combine(folder, "data");
        await DigitsDemo.WriteAsync(digits, data, Seed, cancellation);
        await ScannerDemo.WriteAsync(digits, Path.Combine(data, "drift"), Seed + 1, cancellation);
        await ReleaseDemo.WriteAsync(digits, Path.Combine(data, "deployment"), Seed + 2, cancellation);
        terminal.Line($"The demo's data are in {data}");
        return ExitCode.Ok;
    }
}
