using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Labeling;

namespace Orchestrator.Cli.Commands;

/// <summary>The files of an exported fix in a folder.</summary>
internal sealed class ExportedFiles(FixExport export, string folder, string format)
{
    public const string Csv = "csv";
    public const string Parquet = "parquet";
    public const string LabelStudio = "label-studio";

    private static readonly JsonSerializerOptions Indented = new(Json.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What was written and what was not, in words.</summary>
    public List<string> Written { get; } = [];

    /// <param name="getDataset">Gets the dataset's version, as Parquet, into a file.</param>
    public async Task WriteAsync(Func<string, Task> getDataset, CancellationToken cancellation)
    {
        await TextAsync("plan.json", JsonSerializer.Serialize(export.Plan, Indented), cancellation);
        if (export.Patch is { } patch)
        {
            await TextAsync("patch.json", JsonSerializer.Serialize(patch, Indented), cancellation);
        }

        await WriteRowsAsync(cancellation);
        if (export.Dataset is not null)
        {
            await WriteDatasetAsync(getDataset);
        }
    }

    private async Task WriteRowsAsync(CancellationToken cancellation)
    {
        if (export.Rows.IsEmpty)
        {
            Written.Add($"The plan of the fix {export.Fix} names no rows to look at.");
        }
        else if (format == LabelStudio)
        {
            var shown = Shown();
            await TextAsync("tasks.json", JsonSerializer.Serialize(Commands.LabelStudio.Tasks(shown), Indented), cancellation);
            await TextAsync("tasks.xml", Commands.LabelStudio.Interface(shown), cancellation);
        }
        else
        {
            ExportedTable.WriteRows(export, Named($"rows.{format}"));
        }
    }

    private async Task WriteDatasetAsync(Func<string, Task> getDataset)
    {
        if (format == Parquet)
        {
            await getDataset(Named("dataset.parquet"));
            return;
        }

        var parquet = Path.GetTempFileName();
        try
        {
            await getDataset(parquet);
            ExportedTable.WriteVersion(parquet, Named("dataset.csv"));
        }
        finally
        {
            File.Delete(parquet);
        }
    }

    private Task TextAsync(string name, string text, CancellationToken cancellation) => File.WriteAllTextAsync(Named(name), text + "\n", cancellation);

    private string Named(string name)
    {
        var path = Path.Combine(folder, name);
        Written.Add($"Written to {path}.");
        return path;
    }

    /// <summary>The rows as a queue of tasks, each named by its row's id.</summary>
    private QueueShown Shown()
    {
        var version = export.Dataset!;
        var queue = new LabelQueue(export.Fix, version.Dataset, version.Version, "", "", "open", export.Rows.Length, default, default)
        {
            Classes = [.. export.Rows.SelectMany(row => new[] { row.Given, row.Suggested }).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
        return new QueueShown(queue, [.. export.Rows.Select((row, i) => new LabelTask(row.Id, export.Fix, i + 1, row.Id, "", row.Given, row.Suggested, row.Score, Cells(row)))]);
    }

    private static ImmutableSortedDictionary<string, string> Cells(ExportedRow row) =>
        row.Cells.Where(cell => cell.Value is not null).ToImmutableSortedDictionary(cell => cell.Key, cell => cell.Value!, StringComparer.Ordinal);
}
