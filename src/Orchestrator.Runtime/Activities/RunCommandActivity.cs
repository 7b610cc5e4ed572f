using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Runners;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Runs a command that the operator named for workflows, with arguments of the workflow's own.</summary>
public sealed class RunCommandActivity(ImmutableSortedDictionary<string, CommandSpec> named, CommandRuns commands, ArtifactStore artifacts) : IActivity
{
    public const string TypeName = "Orchestrator.RunCommand";

    private static readonly TimeSpan UsualTime = TimeSpan.FromHours(1);

    public string Type => TypeName;

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var name = call.Text("Command");
        var spec = named.GetValueOrDefault(name) ?? throw new ActivityInputException(Unknown(name));
        var arguments = Arguments(call);
        call.Progress($"running {name} {string.Join(' ', arguments)}");
        var end = await commands.RunAsync(new CommandCall(name, spec.Line, arguments, call.Folder, new CommandLimits(spec.Timeout ?? UsualTime)), cancellation);
        var log = await artifacts.PutTextAsync(end.Output.Log, cancellation);
        return end.Fault is { } fault
            ? new ActivityResult.Failed($"{new CommandException(name, fault, end.Output).Message}\n(log {log})", Retryable: false)
            : ActivityResult.Done("Succeeded", ("Log", log), ("Output", end.Output.Last));
    }

    /// <summary>Whether running it twice counts once, as the operator says of the command; one that he did not name does nothing.</summary>
    public static bool MayRepeat(ImmutableSortedDictionary<string, CommandSpec> named, WorkflowEffect.RunActivity run) =>
        !run.Inputs.TryGetValue("Command", out var name)
        || name.ValueKind != System.Text.Json.JsonValueKind.String
        || named.GetValueOrDefault(name.GetString()!) is not { IsRepeatable: false };

    private static ImmutableArray<string> Arguments(ActivityCall call)
    {
        ImmutableArray<string> arguments = call.Inputs.TryGetValue("Arguments", out var given) ? [.. given.EnumerateArray().Select(text => text.GetString()!)] : [];
        return arguments.Any(text => text.Contains('\0', StringComparison.Ordinal)) ? throw new ActivityInputException("an argument holds a NUL, which no command can be given") : arguments;
    }

    private string Unknown(string name)
    {
        var known = named.IsEmpty ? "none" : string.Join(", ", named.Keys);
        var hint = Nearest.To(name, named.Keys) is { } nearest ? $"; did you mean {nearest}?" : "";
        return $"the operator's file names no command \"{name}\" under \"commands\" (named: {known}){hint}";
    }
}
