using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Revisions;

/// <summary>A file of the classes that people choose from: one a line, empty lines and those that begin with <c>#</c> aside.</summary>
internal static class ClassesFile
{
    /// <summary>How the names of such files end.</summary>
    public const string Ending = "classes.txt";

    public static ImmutableArray<string> Read(string text) =>
        [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>Gives the models that name such a file its classes.</summary>
    public static void Run(AuthoredFiles files)
    {
        for (var i = 0; i < files.Models.Count; i++)
        {
            if (files.Models[i].Labels.ClassesFile is { } named)
            {
                files.Models[i] = With(files, files.Models[i], named);
            }
        }
    }

    private static ModelFile With(AuthoredFiles files, ModelFile model, string named)
    {
        var (place, folder) = (model.Source.At("labels", "classes_file"), model.Source.Path[..(model.Source.Path.LastIndexOf('/') + 1)]);
        if (model.Task is not ModelTask.Multiclass { Classes.IsEmpty: true })
        {
            files.Error(model.Source, place, "MODEL013", "\"classes_file\" gives a multiclass task its classes, and this task states its own or is another", "allowed: with \"task: multiclass\" without classes");
        }
        else if (!files.Classes.TryGetValue(folder + named, out var classes))
        {
            var known = files.Classes.Keys.Where(path => path.StartsWith(folder, StringComparison.Ordinal)).Select(path => path[folder.Length..]).ToList();
            files.Error(model.Source, place, "MODEL014", $"the file \"{named}\" does not exist beside the model file", $"allowed: a file whose name ends in {Ending}", Nearest.To(named, known));
        }
        else if (classes.Length < 2 || classes.Distinct(StringComparer.Ordinal).Count() < classes.Length)
        {
            files.Error(model.Source, place, "MODEL015", $"\"{named}\" lists {classes.Length} classes{(classes.Length < 2 ? "" : ", one of them more than once")}", "allowed: at least two, each once, one a line");
        }
        else
        {
            return model with { Task = new ModelTask.Multiclass(classes) };
        }

        return model;
    }
}
