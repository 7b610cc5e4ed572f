using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Server.Labeling;

namespace Orchestrator.Cli.Commands;

/// <summary>Files in which label tasks go out and answers come back; the name tells the format.</summary>
internal static class LabelFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The files that were written: for Label Studio its labelling interface too.</summary>
    public static async Task<ImmutableArray<string>> WriteAsync(QueueShown shown, string path, CancellationToken cancellation)
    {
        switch (Path.GetExtension(path))
        {
            case ".csv":
                LabelTable.Write(shown, Path.GetFullPath(path));
                return [path];
            case ".json":
                var view = Path.ChangeExtension(path, ".xml");
                await File.WriteAllTextAsync(path, JsonSerializer.Serialize(LabelStudio.Tasks(shown), Indented), cancellation);
                await File.WriteAllTextAsync(view, LabelStudio.Interface(shown), cancellation);
                return [path, view];
            default:
                throw Unknown(path);
        }
    }

    public static async Task<ImmutableArray<PlacedAnswer>> ReadAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw new CommandException($"\"{path}\" does not exist");
        }

        return Path.GetExtension(path) switch
        {
            ".csv" => LabelTable.Answers(path),
            ".json" => LabelStudio.Answers(path, await File.ReadAllTextAsync(path, cancellation)),
            _ => throw Unknown(path),
        };
    }

    private static CommandException Unknown(string path) => new($"\"{path}\" is of no known format; allowed: .csv, .json (Label Studio)");
}
