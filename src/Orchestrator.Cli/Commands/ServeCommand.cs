using System.CommandLine;
using System.Net;
using Orchestrator.Server;

namespace Orchestrator.Cli.Commands;

/// <summary><c>serve</c>: the server, until it is stopped.</summary>
internal static class ServeCommand
{
    private static readonly Option<int> Port = new("--port") { Description = "The port; 0 for any free one.", DefaultValueFactory = _ => 5080 };

    private static readonly Option<string> Address = new("--address") { Description = "The address to answer at.", DefaultValueFactory = _ => "127.0.0.1" };

    private static readonly Option<bool> AllowRemote = new("--allow-remote") { Description = "Needed for an address that other machines can reach." };

    private static readonly Option<string[]> Hosts = new("--host") { Description = "A further host name to answer to." };

    private static readonly Option<string[]> Play = new("--play") { Description = "A scenario whose story is played in the workspace, on a clock of its own; several are played side by side, a folder stands for all in it." };

    private static readonly Option<bool> Once = new("--once") { Description = "End when the story has ended." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "serve",
            "Runs the server: schedules, workers, API and status page.",
            "orchestrator serve --config orchestrator.yaml",
            "orchestrator serve --config orchestrator.yaml --workspace data --port 8080",
            "orchestrator serve --play deploy/demo/digits.scenario.yaml --workspace demo --once",
            "orchestrator serve --play deploy/demo --workspace demo --once --out demo")
        {
            Connection.Workspace, Connection.Config, Port, Address, AllowRemote, Hosts, Play, Once, RehearseCommand.Out,
        };
        verb.SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var options = Options(parsed);
        await using var server = await ServerHost.StartAsync(options, cancellation);
        var told = parsed.GetValue(CommandLine.Json) ? terminal.Error : terminal.Output;
        await told.WriteLineAsync($"Orchestrator answers at {server.Url}");
        await told.WriteLineAsync($"The first admin key is in {server.AdminKeyFile}");
        var exitCode = options.Scenarios.IsEmpty
            ? ExitCode.Ok
            : await RehearseCommand.TellAsync(
                parsed, terminal, await server.PlayAsync(RehearseCommand.Progress(parsed, terminal), cancellation), cancellation);
        if (!parsed.GetValue(Once))
        {
            await told.WriteLineAsync($"Orchestrator answers at {server.Url}; stop it with Ctrl-C.");
            await server.WaitAsync(cancellation);
        }

        return exitCode;
    }

    private static ServerOptions Options(ParseResult parsed)
    {
        if ((parsed.GetValue(Once) || parsed.GetValue(RehearseCommand.Out) is not null) && (parsed.GetValue(Play) ?? []).Length == 0)
        {
            throw new CommandException("--once and --out are for a story, and there is none; say --play FILE too");
        }

        return new ServerOptions(Connection.WorkspaceOf(parsed))
        {
            Config = parsed.GetValue(Connection.Config),
            Scenarios = [.. parsed.GetValue(Play) ?? []],
            Port = parsed.GetValue(Port),
            Address = ReadAddress(parsed.GetRequiredValue(Address)),
            AllowRemote = parsed.GetValue(AllowRemote),
            Hosts = [.. parsed.GetValue(Hosts) ?? []],
        };
    }

    private static IPAddress ReadAddress(string text) =>
        text == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new CommandException($"\"{text}\" is no IP address; say --address 127.0.0.1");
}
