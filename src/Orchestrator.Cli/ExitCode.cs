namespace Orchestrator.Cli;

/// <summary>What the command line tells its caller.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The check failed, something was found, or the server said no.</summary>
    public const int Found = 1;

    /// <summary>The command was not usable as given, or its surroundings are not in order.</summary>
    public const int Environment = 2;
}

/// <summary>The command ends here with a sentence for its user.</summary>
internal sealed class CommandException(string sentence, int exitCode = ExitCode.Environment) : Exception(sentence)
{
    public int ExitCode { get; } = exitCode;
}
