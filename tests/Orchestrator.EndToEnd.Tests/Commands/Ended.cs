using Orchestrator.Cli;

namespace Orchestrator.EndToEnd.Tests.Commands;

/// <summary>What a command left behind.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the command line in this process, with an environment of its own.</summary>
    public static Task<Ended> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) => RunAsync("", environment, arguments);

    /// <summary>The same, with something piped into it.</summary>
    public static async Task<Ended> RunAsync(string input, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, isInteractive: false, name => environment.GetValueOrDefault(name)) { Input = new StringReader(input) };
        var exitCode = await CommandLine.RunAsync(arguments, terminal, TestContext.Current.CancellationToken);
        return new Ended(exitCode, output.ToString(), error.ToString());
    }

    public static Task<Ended> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);
}
