using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Decides by the model file's conditions whether a compared challenger may become champion, and keeps the verdict with its digest.</summary>
public sealed class GateActivity(Authored authored, ArtifactStore artifacts, Database database) : IActivity
{
    public string Type => "Orchestrator.Gate";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var model = authored.Model(call.Text("Model")) ?? throw new ActivityInputException($"there is no model {call.Text("Model")}");
        var artifact = call.Text("Evaluation");
        var evaluation = Read(await artifacts.ReadTextAsync(artifact, cancellation));
        if (evaluation.Model != model.Name)
        {
            throw new ActivityInputException($"the evaluation is of the model {evaluation.Model}, not of {model.Name}");
        }

        var decision = Gate.Decide(model, evaluation);
        var record = new GateRecord(
            call.Key, model.Name, evaluation.Challenger, evaluation.Digest, artifact, decision.Verdict, decision.Reason, call.Now)
        { Champion = evaluation.Champion };
        await database.WriteAsync(transaction => GateStore.Add(transaction, record), cancellation);
        var verdict = decision.Verdict.ToString();
        return ActivityResult.Done(verdict, ("Verdict", verdict), ("Reason", decision.Reason));
    }

    private static ModelEvaluation Read(string text)
    {
        try
        {
            return Json.Read<ModelEvaluation>(text);
        }
        catch (JsonException error)
        {
            throw new ActivityInputException($"the input Evaluation is no evaluation: {error.Message}");
        }
    }
}
