using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Activities;

/// <summary>Trains a challenger on a dataset version; where a command hands the work on, waits for its callback.</summary>
public sealed class RetrainActivity(ModelTraining training, ElsewhereDesk elsewhere) : IActivity
{
    public string Type => "Orchestrator.Retrain";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var place = elsewhere.PlaceOf(call.Key, call.Folder);
        var result = await TrainAsync(call, place, cancellation);
        if (result is not ActivityResult.Waiting)
        {
            ElsewherePlace.Drop(place.Folder);
        }

        return result;
    }

    private async Task<ActivityResult> TrainAsync(ActivityCall call, ElsewherePlace place, CancellationToken cancellation)
    {
        var request = new TrainingRequest(
            call.Key, call.Text("Model"), call.Text("Dataset"), call.OptionalText("DatasetVersion"), call.Now, call.Folder)
        {
            Holds = call.Holds,
        };
        call.Progress($"training {request.Model} on {request.Dataset}");
        try
        {
            return await training.StartAsync(request, place, cancellation) switch
            {
                TrainingOutcome.Trained { Version: var version } => ActivityResult.Done("Succeeded", ("Challenger", version.Id), ("Digest", version.Digest)),
                TrainingOutcome.Elsewhere gone => Waiting(call, place, gone),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (DatasetException error)
        {
            return new ActivityResult.Failed(error.Message, Retryable: false);
        }
    }

    private ActivityResult.Waiting Waiting(ActivityCall call, ElsewherePlace place, TrainingOutcome.Elsewhere gone)
    {
        var begun = new ElsewhereTraining(
            place.Callback.Id, call.Key, call.InstanceId, call.Text("Model"), gone.Runner, gone.Dataset, gone.DatasetVersion, gone.Running, place.Folder, gone.Log,
            call.Now, call.Now + gone.Within);
        call.Progress($"{gone.Runner} trains as \"{gone.Running}\", and calls back");
        return new ActivityResult.Waiting($"elsewhere:{call.Key}") { Ask = transaction => elsewhere.Open(transaction, begun) };
    }
}
