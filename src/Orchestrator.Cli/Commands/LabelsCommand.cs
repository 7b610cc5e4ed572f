using System.CommandLine;
using Orchestrator.Runtime.Labeling;

namespace Orchestrator.Cli.Commands;

/// <summary><c>labels next</c>: rows that wait for a label.</summary>
internal static class LabelsCommand
{
    private static readonly Option<string?> Queue = new("--queue") { Description = "Only tasks of this queue." };

    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 10 };

    public static Verb Make(Terminal terminal) => new("labels", "Rows that wait for a label.", "orchestrator labels next")
    {
        Next(terminal),
    };

    private static Verb Next(Terminal terminal) =>
        new Verb("next", "The tasks to answer next, most suspicious first.", "orchestrator labels next", "orchestrator labels next --limit 1 --json") { Queue, Limit }
            .Asks(terminal, async asking =>
            {
                var queue = asking.Parsed.GetValue(Queue) is { } id ? $"&queue={Uri.EscapeDataString(id)}" : "";
                await asking.ShowAsync<List<LabelTask>>($"/api/labels/next?limit={asking.Parsed.GetValue(Limit)}{queue}", tasks => Show(terminal, tasks));
                return ExitCode.Ok;
            });

    private static void Show(Terminal terminal, List<LabelTask> tasks) => terminal.ShowTable(
        "No label tasks.",
        ["task", "row", "given", "suggested", "score", "columns"],
        tasks.Select(task => new[]
        {
            task.Id, task.RowId, task.Given, task.Suggested, Words.Of(task.Score), string.Join(' ', task.Columns.Take(6).Select(pair => $"{pair.Key}={pair.Value}")),
        }));
}
