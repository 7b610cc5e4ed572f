using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Activities;

/// <summary>Trains a challenger on a dataset version.</summary>
public sealed class RetrainActivity(ModelTraining training) : IActivity
{
    public string Type => "Orchestrator.Retrain";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var request = new TrainingRequest(
            call.Key, call.Text("Model"), call.Text("Dataset"), call.OptionalText("DatasetVersion"), call.Now, call.Folder)
        {
            Holds = call.Holds,
        };
        call.Progress($"training {request.Model} on {request.Dataset}");
        try
        {
            var version = await training.TrainAsync(request, cancellation);
            return ActivityResult.Done("Succeeded", ("Challenger", version.Id), ("Digest", version.Digest));
        }
        catch (DatasetException error)
        {
            return new ActivityResult.Failed(error.Message, Retryable: false);
        }
    }
}
