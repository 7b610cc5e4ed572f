using System.Collections.Immutable;

namespace Orchestrator.Core.Monitors;

/// <summary>A program with its arguments, passed as they stand, never through a shell.</summary>
/// <param name="Directory">Where it is started; the folder of its attempt where absent.</param>
/// <param name="Environment">Names of the operator's variables that it gets beside the few that every command gets.</param>
/// <param name="OutputBytes">What the files that it writes may hold together.</param>
public sealed record CommandLineSpec(ImmutableArray<string> Command, string? Directory, ImmutableArray<string> Environment, long OutputBytes)
{
    /// <summary>What a command may write where the operator says nothing: 10 GiB.</summary>
    public const long UsualOutput = 10L << 30;
}

/// <summary>A command that trains or scores.</summary>
/// <param name="Format">Of the rows that it reads.</param>
public sealed record RunnerSpec(CommandLineSpec Line, RowFormat Format)
{
    public ImmutableArray<string> Command => Line.Command;

    /// <summary>A file that holds what callbacks are signed with; a command of a runner without one ends when its work is done.</summary>
    public string? SecretFile { get; init; }
}

/// <summary>The format in which rows are handed to a command.</summary>
public enum RowFormat
{
    Csv,
    Parquet,
}

/// <summary>A command that workflows may run, with arguments of their own.</summary>
/// <param name="IsRepeatable">Whether running it twice counts once; if not, a run of unknown outcome is left to a person.</param>
public sealed record CommandSpec(CommandLineSpec Line, bool IsRepeatable, TimeSpan? Timeout);
