using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Trains a model aside, on rows of a story's file and in the way that its model file says; nothing is registered.</summary>
internal static class AsideTraining
{
    /// <param name="label">The label of a row by its id; the file's own where null.</param>
    public static byte[] Train(Node node, string model, CsvTable rows, Func<string, string>? label, CancellationToken cancellation)
    {
        var file = node.Revisions.Current?.Model(model);
        var training = file?.Train ?? throw new StoryException([$"no model file says how {model} is trained"]);
        var (_, dataset) = node.Revisions.Current!.Dataset(training.Dataset)!.Value;
        if (training.Runner != Training.InTheBox)
        {
            throw new StoryException([$"{model} is trained by {training.Runner}; allowed where the story trains aside (ceiling, promote): {Training.InTheBox}"]);
        }

        if (node.Database.Read(connection => ModelStore.List(connection, model)) is not [.., var first])
        {
            throw new StoryException([$"{model} has no version yet: the scenario has to train one first"]);
        }

        var columns = Scorer.Load(File.ReadAllBytes(node.Artifacts.PathOf(first.Digest))).Card.Encoding.Columns;
        var features = StoryScoring.Features(rows, dataset, columns);
        var labels = label is null ? rows.Column(dataset.Roles.Label!) : [.. features.Ids.Select(label)];
        var spec = TrainerSpec.Read(training, file!.Task);
        return Trainer.Train(spec, features.WithLabels(labels), cancellation);
    }
}
