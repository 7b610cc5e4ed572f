using System.Collections.Immutable;
using System.Reflection;
using Orchestrator.Core.Profiles;

namespace Orchestrator.Runtime.Profiles;

/// <summary>Makes a folder in which somebody's own model is watched: authored files, their data, and a rehearsal.</summary>
public static class FirstFolder
{
    /// <summary>Rows beyond which a rehearsal would tell no more, only take longer.</summary>
    public const int MostRows = 40_000;

    private const int LeastRows = 100;
    private const int MostParts = 10;
    private const int ReferenceParts = 8;
    private const int RowsOfAPart = 25;

    /// <summary>Writes the folder; throws <see cref="ProfileException"/> where the file cannot be watched, before anything is written.</summary>
    public static async Task<FirstFiles> WriteAsync(ProfiledFile file, (string Name, GuessedRoles Roles) model, string folder, CancellationToken cancellation)
    {
        var rows = file.Arrange(model.Roles, MostRows);
        if (rows < LeastRows)
        {
            throw new ProfileException($"\"{file.Path}\" has {rows} rows with a label; at least {LeastRows} are needed to say what is usual");
        }

        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new ProfileException($"the folder \"{folder}\" is not empty; say another --out");
        }

        var reference = rows / 2;
        var thresholds = await CalibrateAsync(file, model, reference, cancellation).ConfigureAwait(false);
        return Write(file, model, (folder, thresholds, new Split(0, reference, rows, Math.Clamp((rows - reference) / RowsOfAPart, 2, MostParts))));
    }

    private static async Task<Thresholds> CalibrateAsync(ProfiledFile file, (string, GuessedRoles) model, long reference, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("orchestrator-init-").FullName;
        try
        {
            var split = new Split(0, reference / 2, reference, Math.Clamp(reference / 2 / RowsOfAPart, 2, ReferenceParts));
            return await Calibration.RunAsync(Write(file, model, (folder, Thresholds.None, split)), folder, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static FirstFiles Write(ProfiledFile file, (string Name, GuessedRoles Roles) model, (string Folder, Thresholds Thresholds, Split Split) into)
    {
        var (folder, thresholds, split) = into;
        var files = new FirstFiles(model.Name, model.Roles, thresholds, (split.Middle - split.From, split.Part, (int)split.Parts));
        WriteData(file, files, (folder, split));
        foreach (var (path, text) in files.All)
        {
            File.WriteAllText(Path.Combine(folder, path), text);
        }

        WriteWorkflows(folder, files);
        return files;
    }

    private static void WriteData(ProfiledFile file, FirstFiles files, (string Folder, Split Split) into)
    {
        var (folder, split) = into;
        var data = Path.Combine(folder, "data");
        Directory.CreateDirectory(Path.Combine(data, "production"));
        string[] columns = [files.Id, .. file.Profile.Columns.Select(column => column.Name).Where(name => name != files.Id)];
        string[] asked = [.. columns.Where(name => name != files.Roles.Label)];
        file.Write(Path.Combine(data, "train.csv"), columns, split.From, split.Middle);
        file.Write(Path.Combine(data, "rehearsal", "labels.csv"), [files.Id, files.Roles.Label], split.Middle, split.To);
        for (var part = 0; part < split.Parts; part++)
        {
            file.Write(Path.Combine(data, "rehearsal", FormattableString.Invariant($"batch-{part + 1:00}.csv")), asked, split.Middle + (part * split.Part), split.Middle + ((part + 1) * split.Part));
        }
    }

    /// <summary>Those that the rules name; they are the author's from here on.</summary>
    private static void WriteWorkflows(string folder, FirstFiles files)
    {
        Directory.CreateDirectory(Path.Combine(folder, "workflows"));
        foreach (var name in files.Workflows)
        {
            using var from = Assembly.GetExecutingAssembly().GetManifestResourceStream($"workflows/{name}.json")!;
            using var to = File.Create(Path.Combine(folder, "workflows", $"{name}.json"));
            from.CopyTo(to);
        }
    }

    /// <summary>Rows up to the middle train; those after it, in equal parts, are asked.</summary>
    private sealed record Split(long From, long Middle, long To, long Parts)
    {
        public long Part => (To - Middle) / Parts;
    }
}
