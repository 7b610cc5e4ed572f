using Orchestrator.Runtime.Labeling;

namespace Orchestrator.Runtime.Activities;

/// <summary>Waits until the labels of enough rows have come that a model may learn from; the deadline is the workflow's own.</summary>
public sealed class AwaitLabelsActivity(LabelWatch watch) : IActivity
{
    public string Type => "Orchestrator.AwaitLabels";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var rows = call.OptionalNumber("Rows") ?? 0;
        if (rows < 1)
        {
            throw new ActivityInputException($"{rows} labelled rows need no waiting; allowed: at least 1 row");
        }

        var awaited = new AwaitedLabels(call.InstanceId, $"matured:{call.Key}", call.Text("Dataset"), rows);
        var labelled = await watch.CountAsync(awaited, call.Folder, cancellation);
        call.Progress($"{labelled} of {rows} rows of {awaited.Dataset} are labelled");
        if (labelled >= rows)
        {
            return ActivityResult.Done("Done", ("Labelled", labelled));
        }

        return new ActivityResult.Waiting(awaited.Bookmark) { Ask = transaction => watch.Open(transaction, awaited) };
    }
}
