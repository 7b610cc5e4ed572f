using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Revisions;

/// <summary>Models against the monitors' datasets and the operator's runners.</summary>
internal static class ModelChecks
{
    public static void Run(AuthoredFiles files)
    {
        foreach (var model in files.Models)
        {
            Datasets(files, model);
            Runner(files, model, model.Train?.Runner, "train");
            Runner(files, model, model.Score?.Runner, "score");
            Deployment(files, model);
            var names = GateMetric.Of(model.Task);
            if (model.Gate.Metric is { } metric && !names.Contains(metric))
            {
                files.Error(model.Source, model.Source.At("gate", "metric"), "MODEL005", $"metric \"{metric}\" cannot be compared by a gate", AuthoredFiles.Listed(names), Nearest.To(metric, names));
            }
        }
    }

    private static void Datasets(AuthoredFiles files, ModelFile model)
    {
        var names = files.Datasets.Select(dataset => dataset.Name).ToHashSet();
        if (model.Train is { } train)
        {
            files.Expect(train.Dataset, names, "monitor", model.Source, (model.Source.At("train", "dataset"), "MODEL006", "dataset"));
        }

        if (model.Evaluate is not { } evaluate)
        {
            return;
        }

        var place = model.Source.At("evaluate", "dataset");
        files.Expect(evaluate.Dataset, names, "monitor", model.Source, (place, "MODEL006", "dataset"));
        var dataset = files.Datasets.FirstOrDefault(dataset => dataset.Name == evaluate.Dataset);
        if (dataset?.Split == DatasetSplit.Train || evaluate.Dataset == model.Train?.Dataset)
        {
            files.Error(model.Source, place, "MODEL007", $"the model is trained on \"{evaluate.Dataset}\", an evaluation needs rows it has never seen", "allowed: a dataset whose split is test or production");
        }

        if (evaluate.Window is not null && dataset is { Roles.Time: null })
        {
            files.Error(model.Source, model.Source.At("evaluate", "window"), "MODEL008", $"a window needs to know the time of a row, \"{evaluate.Dataset}\" has no column with the role \"time\"", "allowed: a dataset with the role \"time\", or no window");
        }
    }

    private static void Deployment(AuthoredFiles files, ModelFile model)
    {
        if (model.Deploy is not { } deploy)
        {
            return;
        }

        if (AddressText.IsAddress(deploy.Hook))
        {
            files.Error(model.Source, model.Source.At("deploy", "hook"), "MODEL013", "an address stands where the name of a hook belongs", "allowed: a name that the operator gave");
        }
        else if (files.Operator is { } known)
        {
            files.Expect(deploy.Hook, [.. known.Hooks.Keys], "operator", model.Source, (model.Source.At("deploy", "hook"), "MODEL011", "hook"));
        }

        var logs = files.Monitors.Where(monitor => monitor.Model == model.Name).SelectMany(monitor => monitor.Datasets)
            .Any(dataset => dataset is { Split: DatasetSplit.Production, Roles.ModelVersion: not null });
        if (deploy.ConfirmWithin is not null && !logs && !files.Broken.Contains("monitor"))
        {
            files.Error(model.Source, model.Source.At("deploy", "confirm_within"), "MODEL012", "a version is confirmed when it shows in the prediction log, and no production dataset of this model says which version predicted a row", "allowed: a production dataset with the role \"model_version\", or no confirm_within");
        }
    }

    private static void Runner(AuthoredFiles files, ModelFile model, string? runner, string field)
    {
        if (runner is not null && runner != Training.InTheBox && files.Operator is { } known)
        {
            files.Expect(runner, [.. known.Runners.Keys, Training.InTheBox], "operator", model.Source, (model.Source.At(field, "runner"), "MODEL010", "runner"));
        }
    }
}
