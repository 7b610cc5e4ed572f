using System.CommandLine;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Server.Datasets;

namespace Orchestrator.Cli.Commands;

/// <summary><c>datasets</c>: what models learn from, by versions.</summary>
internal static class DatasetsCommand
{
    private static readonly Argument<string?> Name = new("name") { Description = "One dataset, with its versions.", Arity = ArgumentArity.ZeroOrOne };

    public static Verb Make(Terminal terminal) =>
        new Verb("datasets", "Datasets and their versions.", "orchestrator datasets", "orchestrator datasets digits-train") { Name }
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
