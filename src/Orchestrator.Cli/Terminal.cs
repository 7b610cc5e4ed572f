using System.Text.Json;
using Orchestrator.Runtime.Storage;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Orchestrator.Cli;

/// <summary>Where a command reads its surroundings from and writes to.</summary>
internal sealed class Terminal
{
    private const int WidthOfFiles = 200;

    private static readonly JsonSerializerOptions Indented = new(Json.Options) { WriteIndented = true };

    private readonly Func<string, string?> _environment;
    private readonly IAnsiConsole _console;

    public Terminal(TextWriter output, TextWriter error, bool isInteractive, Func<string, string?> environment)
    {
        Output = output;
        Error = error;
        IsInteractive = isInteractive;
        _environment = environment;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isInteractive && environment("NO_COLOR") is null ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isInteractive ? InteractionSupport.Yes : InteractionSupport.No,
        });
        if (!isInteractive)
        {
            _console.Profile.Width = WidthOfFiles;
        }
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>What is piped into the command.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    /// <summary>Whether a person looks at the output as it comes.</summary>
    public bool IsInteractive { get; }

    public IAnsiConsole Console => _console;

    public static Terminal OfProcess() =>
        new(System.Console.Out, System.Console.Error, !System.Console.IsOutputRedirected, System.Environment.GetEnvironmentVariable)
        {
            Input = System.Console.IsInputRedirected ? System.Console.In : TextReader.Null,
        };

    /// <summary>An environment variable; null where it is unset or empty.</summary>
    public string? Variable(string name) => _environment(name) is { Length: > 0 } value ? value : null;

    public void Line(string text = "") => Output.WriteLine(text);

    public void Complain(string sentence) => Error.WriteLine($"orchestrator: {sentence}");

    public void Show(IRenderable shape) => _console.Write(shape);

    public void ShowJson<T>(T value) => Output.WriteLine(JsonSerializer.Serialize(value, Indented));

    public void ShowPairs(IEnumerable<(string Name, string Value)> pairs)
    {
        var grid = new Grid().AddColumns(2);
        foreach (var (name, value) in pairs)
        {
            grid.AddRow(new Text(name), new Text(value));
        }

        Show(grid);
    }

    /// <summary>A table with a line under its head; says so where it would have no rows.</summary>
    public void ShowTable(string whenEmpty, string[] columns, IEnumerable<string?[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns([.. columns.Select(name => new TableColumn(new Text(name)))]);
        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell ?? "")));
        }

        if (table.Rows.Count == 0)
        {
            Line(whenEmpty);
            return;
        }

        Show(table);
    }
}
