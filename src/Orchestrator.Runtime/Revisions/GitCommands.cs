using System.Collections.Immutable;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Runners;

namespace Orchestrator.Runtime.Revisions;

/// <summary>Runs Git with a configuration of our own: nothing of the machine's or a repository's settings decides what it does, and it never asks a person.</summary>
/// <param name="folder">Of this server's own, for what runs leave.</param>
internal sealed class GitCommands(CommandRuns commands, string folder)
{
    private const long Output = 1L << 30;

    private static readonly ImmutableArray<(string Name, string Value)> Settings =
    [
        ("gc.auto", "0"), // what was in force is not collected
        ("core.hooksPath", "/dev/null"),
        ("credential.helper", ""),
        ("http.followRedirects", "initial"),
        ("safe.directory", "*"), // nothing is checked out and no hook runs
        ("gpg.program", "gpg"),
        ("gpg.openpgp.program", "gpg"),
        ("gpg.ssh.program", "ssh-keygen"),
    ];

    /// <summary>Runs it to its end; a run that takes longer than allowed is killed with all that it started.</summary>
    public Task<CommandEnd> RunAsync(string[] arguments, GitCall call, CancellationToken cancellation)
    {
        var line = new CommandLineSpec(["git"], null, [], Output);
        return commands.RunAsync(
            new CommandCall("git", line, [.. arguments], Path.Combine(folder, "run"), new CommandLimits(call.Time)) { Variables = Variables(call) }, cancellation);
    }

    /// <summary>Runs a program beside Git, as <c>gpg</c>.</summary>
    public Task<CommandEnd> RunAsync(string program, string[] arguments, GitCall call, CancellationToken cancellation) =>
        commands.RunAsync(
            new CommandCall(program, new CommandLineSpec([program], null, [], Output), [.. arguments], Path.Combine(folder, "run"), new CommandLimits(call.Time)) { Variables = Variables(call) },
            cancellation);

    private static ImmutableSortedDictionary<string, string> Variables(GitCall call)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        variables["GIT_CONFIG_NOSYSTEM"] = "1";
        variables["GIT_CONFIG_GLOBAL"] = "/dev/null";
        variables["GIT_TERMINAL_PROMPT"] = "0";
        variables["GIT_ALLOW_PROTOCOL"] = "file:git:http:https:ssh";
        variables["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes -o ConnectTimeout=15" + (call.KeyFile is { } key ? $" -o IdentitiesOnly=yes -i {Quoted(key)}" : "");
        var settings = Settings.Concat(call.Settings).ToList();
        variables["GIT_CONFIG_COUNT"] = settings.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (i, (name, value)) in settings.Index())
        {
            variables[FormattableString.Invariant($"GIT_CONFIG_KEY_{i}")] = name;
            variables[FormattableString.Invariant($"GIT_CONFIG_VALUE_{i}")] = value;
        }

        if (call.GnuPGHome is { } home)
        {
            variables["GNUPGHOME"] = home;
        }

        return variables.ToImmutable();
    }

    /// <summary>Git hands the line to a shell.</summary>
    private static string Quoted(string path) => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

/// <summary>What one run of Git may take and is given.</summary>
internal sealed record GitCall(TimeSpan Time)
{
    public string? KeyFile { get; init; }

    public string? GnuPGHome { get; init; }

    public ImmutableArray<(string Name, string Value)> Settings { get; init; } = [];
}
