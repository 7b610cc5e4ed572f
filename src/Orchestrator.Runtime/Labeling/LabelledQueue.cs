using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Labeling;

/// <summary>A queue whose answers are in, and what follows from them.</summary>
/// <param name="Votes">Of a queue that several people answer: what each of them said.</param>
/// <param name="Asked">Labels that its workflow has asked for, in all its rounds.</param>
internal sealed record LabelledQueue(LabelQueue Queue, ImmutableArray<LabelTask> Answered, ImmutableArray<LabelVote> Votes, int Asked)
{
    public static LabelledQueue Of(DbConnection connection, string id)
    {
        var queue = LabelStore.FindQueue(connection, id)!;
        var answered = LabelStore.Tasks(connection, id).Where(task => task.State == "answered");
        return new(queue, [.. answered], [.. LabelVotes.List(connection, id)], LabelStore.Asked(connection, queue.InstanceId, queue.Dataset));
    }

    /// <summary>Null where each row has one answer.</summary>
    public Agreement? Agreement => Queue.Overlap > 1 ? LabelVotes.AgreementOf(Votes, Queue.Overlap) : null;

    public DataPatch Patch => DataPatch.Of(
        Queue.Dataset,
        Queue.Version,
        Answered.Where(task => task.Answer != task.Given).Select(task => new RowChange.Relabel(task.RowId, task.ContentHash, task.Given, task.Answer)));

    public IEnumerable<ConfirmedLabel> Confirmed => Answered.Select(task =>
        new ConfirmedLabel(Queue.Dataset, task.RowId, task.ContentHash, task.Answer!, Queue.LabelSet, task.AnsweredBy!, task.AnsweredAt!.Value));

    /// <summary>The patch as it goes on: at once, or once it is approved.</summary>
    public PatchProposal Proposal(DataPatch patch, string artifact, string outcome) => new(
        artifact, Queue.Dataset, Answered.Length, PatchProposal.LabelsOf(patch), [.. People.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])
    {
        Bookmark = Queue.Bookmark, Outcome = outcome, Outputs = Outputs(patch, artifact),
    };

    private IEnumerable<string> People => Queue.Overlap > 1 ? Votes.Select(vote => vote.Person) : Answered.Select(task => task.AnsweredBy!);

    private ImmutableSortedDictionary<string, JsonElement> Outputs(DataPatch patch, string artifact)
    {
        var outputs = Values.Of(("Patch", artifact), ("Answered", Answered.Length), ("Changed", patch.Changes.Length), ("Asked", Asked));
        outputs = Agreement?.Share is { } share ? outputs.SetItem("Agreement", Values.Element(share)) : outputs;
        return Agreement?.Kappa is { } kappa ? outputs.SetItem("Kappa", Values.Element(kappa)) : outputs;
    }
}
