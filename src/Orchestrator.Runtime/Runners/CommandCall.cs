using System.Collections.Immutable;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Runners;

/// <summary>One run of a command.</summary>
/// <param name="Name">As the operator named it, for messages.</param>
/// <param name="Arguments">Appended to the operator's own, each as it stands.</param>
/// <param name="Folder">Folder of this run's own below the attempts of the workspace.</param>
/// <param name="Limits">What it may take.</param>
public sealed record CommandCall(string Name, CommandLineSpec Line, ImmutableArray<string> Arguments, string Folder, CommandLimits Limits)
{
    /// <summary>Variables beside those that every command gets.</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>What a command may take; memory and files are looked at a few times a second, so that a short excess may pass.</summary>
/// <param name="MemoryBytes">Resident memory of all its processes together; null where nothing limits it.</param>
public sealed record CommandLimits(TimeSpan Time, long? MemoryBytes = null);

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Null where it was ended by us.</param>
/// <param name="Fault">Code and words where it did not end well; null where it did.</param>
public sealed record CommandEnd(int? ExitCode, CommandFault? Fault, OutputTail Output);

/// <summary>Why a command did not end well.</summary>
public sealed record CommandFault(string Code, string Text);

/// <summary>A command did not give what was asked for; the message says which, why, and what it printed last.</summary>
public sealed class CommandException(string name, CommandFault fault, string printed)
    : Exception($"{fault.Code} {name}: {fault.Text}" + (printed.Length == 0 ? "; it printed nothing" : $"; it printed last:\n{printed}"))
{
    public CommandException(string name, CommandFault fault, OutputTail output)
        : this(name, fault, output.Last)
    {
    }
}
