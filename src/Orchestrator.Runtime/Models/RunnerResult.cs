using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Runtime.Runners;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>What a command answers: the content of its <c>result.json</c>; files are named relative to the folder of the request.</summary>
/// <param name="Artifact">The trained model.</param>
/// <param name="Sha256">Its digest, where the command wants it checked.</param>
/// <param name="Metrics">What the command measured itself; shown, never decided on.</param>
/// <param name="Predictions">A file of predictions by row id.</param>
/// <param name="Seconds">How long scoring took without starting and reading; the whole run where absent.</param>
/// <param name="Running">Id of work that goes on elsewhere.</param>
/// <param name="Error">Why there is no artifact, where work that went on elsewhere failed.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RunnerResult(
    string? Artifact, string? Sha256, ImmutableSortedDictionary<string, double>? Metrics, string? Predictions, double? Seconds, string? Running, string? Error = null)
{
    private const int MostBytes = 1 << 20;

    private const string Shape = "allowed: a JSON object with artifact, sha256, metrics, predictions, seconds";

    /// <summary>Throws <see cref="CommandException"/> where there is no answer or it cannot be read.</summary>
    public static RunnerResult Read(string path, string runner, OutputTail output)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > MostBytes)
        {
            throw new CommandException(runner, new("RUN007", file.Exists ? $"its {file.Name} is larger than 1 MiB" : $"it ended well but wrote no {file.Name}; {Shape}"), output);
        }

        try
        {
            return Json.Read<RunnerResult>(File.ReadAllText(path));
        }
        catch (JsonException error)
        {
            throw new CommandException(runner, new("RUN008", $"its {file.Name} cannot be read: {error.Message}; {Shape}"), output);
        }
    }

    /// <summary>The answer of a command that is done when it ends.</summary>
    public RunnerResult Done(string runner, OutputTail output) => Running is null ? this : throw new CommandException(
        runner, new("RUN012", $"it answers that \"{Running}\" goes on elsewhere; that needs a secret_file of the runner, to sign the callback with, and a training that a workflow asks for"), output);

    /// <summary>The file that the answer names under a field; throws <see cref="CommandException"/> where it is none of the folder.</summary>
    public static string FileOf(string? named, (string Field, string Folder) place, string runner, OutputTail output)
    {
        if (string.IsNullOrEmpty(named))
        {
            throw new CommandException(runner, new("RUN009", $"its result.json names no \"{place.Field}\""), output);
        }

        var path = Path.GetFullPath(Path.Combine(place.Folder, named));
        var isInside = path.StartsWith(place.Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && new FileInfo(path).LinkTarget is null;
        return isInside && File.Exists(path)
            ? path
            : throw new CommandException(runner, new("RUN009", $"its \"{place.Field}\" is \"{named}\"; allowed: a file in the folder that the request names"), output);
    }
}
