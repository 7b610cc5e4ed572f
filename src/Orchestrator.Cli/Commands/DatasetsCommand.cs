using System.CommandLine;
using System.Security.Cryptography;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Server.Datasets;

namespace Orchestrator.Cli.Commands;

/// <summary><c>datasets</c>: what models learn from, by versions.</summary>
internal static class DatasetsCommand
{
    private static readonly Argument<string?> Name = new("name") { Description = "One dataset, with its versions.", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Argument<string> Into = new("dataset") { Description = "A dataset that a monitor declares with push: true." };

    private static readonly Argument<string> Rows = new("file") { Description = "Its rows: .csv, .tsv or .jsonl, also with .gz, or .parquet." };

    private static readonly Option<string?> Batch = new("--batch") { Description = "Names the batch, which counts once under this name; the file's hash where absent." };

    private static readonly Option<bool> AreLabels = new("--labels") { Description = "The file holds labels and not rows." };

    public static Verb Make(Terminal terminal) =>
        new Verb("datasets", "Datasets and their versions.", "orchestrator datasets", "orchestrator datasets digits-train", "orchestrator datasets push churn-production rows.jsonl") { Name, Push(terminal) }
            .Asks(terminal, async asking =>
            {
                if (asking.Parsed.GetValue(Name) is { } name)
                {
                    await asking.ShowAsync<DatasetShown>($"/api/datasets/{Uri.EscapeDataString(name)}", shown => Show(terminal, shown));
                }
                else
                {
                    await asking.ShowAsync<List<DatasetLine>>("/api/datasets", lines => Show(terminal, lines));
                }

                return ExitCode.Ok;
            });

    private static Verb Push(Terminal terminal) =>
        new Verb("push", "Adds a file of rows, or of labels, to a dataset that is pushed.", "orchestrator datasets push churn-production rows.jsonl --batch 2026-01-05")
        {
            Into, Rows, Batch, AreLabels,
        }.Asks(terminal, async asking =>
        {
            var file = asking.Parsed.GetRequiredValue(Rows);
            var type = FileFormat.TypeOf(file) ?? throw new CommandException($"the format of {file} is not known; {FileFormat.Allowed}", ExitCode.Environment);
            if (!File.Exists(file))
            {
                throw new CommandException($"there is no file {file}", ExitCode.Environment);
            }

            var batch = asking.Parsed.GetValue(Batch) ?? await HashAsync(file, asking.Cancellation);
            var part = asking.Parsed.GetValue(AreLabels) ? "labels" : "rows";
            var path = $"/api/datasets/{Uri.EscapeDataString(asking.Parsed.GetRequiredValue(Into))}/{part}?batch={Uri.EscapeDataString(batch)}";
            var answer = await asking.Client.PostFileAsync<PushAnswer>(path, file, type, asking.Cancellation);
            asking.Present(answer, pushed => terminal.Line(pushed.IsNew
                ? $"{pushed.Rows} {part} were added to {pushed.Dataset} as the batch {Words.Short(pushed.Batch)}."
                : $"The batch {Words.Short(pushed.Batch)} is there already, since {Words.Of(pushed.At)}: nothing was added."));
            return ExitCode.Ok;
        });

    /// <summary>The same file is the same batch.</summary>
    private static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }

    private static void Show(Terminal terminal, List<DatasetLine> lines) => terminal.ShowTable(
        "No dataset has a version yet.",
        ["dataset", "version", "rows", "changed", "since"],
        lines.Select(line => new[]
        {
            line.Dataset, line.Number is { } number ? $"{number} ({Words.Short(line.Version)})" : "", Words.Of(line.Rows), Words.Of(line.Changes?.Total),
            Words.Of(line.CreatedAt),
        }));

    private static void Show(Terminal terminal, DatasetShown shown) => terminal.ShowTable(
        "No versions.",
        ["", "version", "rows", "relabelled", "dropped", "added", "made", "by"],
        shown.Versions.Select(version => new[]
        {
            version.Id == shown.Current ? "current" : "", $"{version.Number} ({Words.Short(version.Id)})", Words.Of(version.Manifest.Rows),
            Words.Of(version.Manifest.Changes.Relabelled), Words.Of(version.Manifest.Changes.Dropped), Words.Of(version.Manifest.Changes.Added),
            Words.Of(version.CreatedAt), MadeBy(shown, version),
        }));

    private static string? MadeBy(DatasetShown shown, DatasetVersion version) => shown.History.FirstOrDefault(move => move.To == version.Id)?.Actor;
}
