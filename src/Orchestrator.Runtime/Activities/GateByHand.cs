using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Activities;

/// <summary>Asks the gate by hand, exactly as a workflow does.</summary>
public sealed class GateByHand(EvaluateActivity evaluate, GateActivity gate)
{
    /// <summary>The verdict with its reason; throws <see cref="DatasetException"/> where the comparison cannot be made.</summary>
    public async Task<GateAnswer> AskAsync(string model, string version, ActivityCall call, CancellationToken cancellation)
    {
        var evaluated = await DoneAsync(evaluate, call with { Inputs = Values.Of(("Model", model), ("Challenger", version)) }, cancellation);
        var decided = await DoneAsync(gate, call with { Inputs = Values.Of(("Model", model)).SetItem("Evaluation", evaluated["Evaluation"]) }, cancellation);
        return new(version, decided["Verdict"].GetString()!, decided["Reason"].GetString()!);
    }

    private static async Task<ImmutableSortedDictionary<string, JsonElement>> DoneAsync(IActivity activity, ActivityCall call, CancellationToken cancellation)
    {
        try
        {
            return await activity.RunAsync(call, cancellation) switch
            {
                ActivityResult.Completed done => done.Outputs,
                ActivityResult.Failed failed => throw new DatasetException(failed.Message),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (Exception error) when (error is ActivityInputException or TrainingException)
        {
            throw new DatasetException(error.Message);
        }
    }
}

/// <summary>What the gate said of a version.</summary>
public sealed record GateAnswer(string Version, string Verdict, string Reason);
