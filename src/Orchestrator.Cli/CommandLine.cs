using System.CommandLine;
using System.CommandLine.Help;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Orchestrator.Cli.Commands;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server;

namespace Orchestrator.Cli;

/// <summary>The command line: its verbs, and how its errors end.</summary>
internal static partial class CommandLine
{
    public static readonly Option<bool> Json = new("--json") { Description = "Write JSON instead of tables.", Recursive = true };

    /// <summary>Runs one command; every expected fault becomes one sentence on the error output.</summary>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellation)
    {
        var parsed = Root(terminal).Parse(arguments, new ParserConfiguration { EnablePosixBundling = false });
        return parsed.Errors.Count > 0 ? Refuse(parsed, terminal) : await InvokeAsync(parsed, terminal, cancellation);
    }

    public static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Keeps machine-learning models good by keeping their data good.")
        {
            Json,
            ServeCommand.Make(terminal),
            CheckCommand.Make(terminal),
            TestCommand.Make(terminal),
            BacktestCommand.Make(terminal),
            ExplainCommand.Make(terminal),
            DiffCommand.Make(terminal),
            SchemaCommand.Make(terminal),
            ExportCommand.Make(terminal),
            RehearseCommand.Make(terminal),
            InitCommand.Make(terminal),
            DemoCommand.Make(terminal),
            MeasureCommand.Make(terminal),
            StatusCommand.Make(terminal),
            RulesCommand.Make(terminal),
            RevisionsCommand.Make(terminal),
            FindingsCommand.Make(terminal),
            FixesCommand.Make(terminal),
            LabelsCommand.Make(terminal),
            DatasetsCommand.Make(terminal),
            ModelsCommand.Make(terminal),
            NotifyCommand.Make(terminal),
            KeysCommand.Make(terminal),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static int Refuse(ParseResult parsed, Terminal terminal)
    {
        foreach (var error in parsed.Errors)
        {
            terminal.Complain(Sentence(error.Message));
        }

        terminal.Error.WriteLine($"See: {string.Join(' ', PathOf(parsed.CommandResult.Command))} --help");
        return ExitCode.Environment;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (CommandException error)
        {
            terminal.Complain(error.Message);
            return error.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Environment;
        }
        catch (Exception error) when (error is StorageException or DatasetException or ServerOptionsException or StoryException or IOException or UnauthorizedAccessException or HttpRequestException or SocketException)
        {
            terminal.Complain(error.Message);
            return ExitCode.Environment;
        }
    }

    /// <summary>The parser's message on one line, without the names of types.</summary>
    private static string Sentence(string message) => Unreadable().Replace(
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
        match => $"{match.Groups[1].Value} is no {Kind(match.Groups[3].Value)}, which {match.Groups[2].Value} needs.");

    private static string Kind(string type) => type switch
    {
        "System.Int32" => "whole number",
        "System.Boolean" => "true or false",
        "System.DateTimeOffset" => "time such as 2026-01-05T00:00:00Z",
        _ => "value of the right kind",
    };

    [GeneratedRegex("^Cannot parse argument ('.*') for (?:option|command) '(.*)' as expected type '(?:System.Nullable`1\\[)?(.*?)]?'\\.$", RegexOptions.Singleline)]
    private static partial Regex Unreadable();

    private static IEnumerable<string> PathOf(Command command)
    {
        var parents = command.Parents.OfType<Command>().FirstOrDefault();
        return parents is null ? ["orchestrator"] : PathOf(parents).Append(command.Name);
    }
}
