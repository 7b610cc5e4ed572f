using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Runners;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>Asks the operator's runners: writes the request, runs the command, reads its answer.</summary>
public sealed class RunnerRuns(ImmutableSortedDictionary<string, RunnerSpec> runners, CommandRuns commands)
{
    /// <summary>The runner of a name; throws <see cref="TrainingException"/> where the operator named none so.</summary>
    public RunnerSpec Find(string name) => runners.GetValueOrDefault(name) ?? throw new TrainingException(
        "TRAIN023", $"the operator's file names no runner \"{name}\"", $"named: {string.Join(", ", runners.Keys.Append(Training.InTheBox))}" + Hint(name));

    /// <summary>Tells a command to stop what it started elsewhere; throws <see cref="CommandException"/> where it fails.</summary>
    internal async Task TellAsync(string runner, RunnerRequest request, CommandLimits limits, CancellationToken cancellation)
    {
        var end = await RunAsync(runner, request, limits, cancellation);
        if (end.Fault is not null)
        {
            throw new CommandException(runner, end.Fault, end.Output);
        }
    }

    /// <summary>Throws <see cref="CommandException"/> where the command fails or its answer cannot be read.</summary>
    internal async Task<(RunnerResult Result, OutputTail Output)> AskAsync(
        string runner, RunnerRequest request, CommandLimits limits, CancellationToken cancellation)
    {
        var end = await RunAsync(runner, request, limits, cancellation);
        return end.Fault is null
            ? (RunnerResult.Read(request.Result, runner, end.Output), end.Output)
            : throw new CommandException(runner, end.Fault, end.Output);
    }

    private async Task<CommandEnd> RunAsync(string runner, RunnerRequest request, CommandLimits limits, CancellationToken cancellation)
    {
        var path = Path.Combine(request.Folder, RunnerRequest.File);
        await File.WriteAllTextAsync(path, Json.Write(request), cancellation);
        var call = new CommandCall(runner, Find(runner).Line, [path], request.Folder, limits)
        {
            Variables = ImmutableSortedDictionary<string, string>.Empty.Add("ORCHESTRATOR_REQUEST", path),
        };
        return await commands.RunAsync(call, cancellation);
    }

    private string Hint(string name) => Nearest.To(name, runners.Keys) is { } nearest ? $"; did you mean {nearest}?" : "";
}
