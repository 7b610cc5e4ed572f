using System.CommandLine;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Server.Labeling;

namespace Orchestrator.Cli.Commands;

/// <summary><c>labels next|answer</c>: rows that wait for a label.</summary>
internal static class LabelsCommand
{
    private static readonly Option<string?> Queue = new("--queue") { Description = "Only tasks of this queue." };

    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 10 };

    private static readonly Argument<string> Task = new("task") { Description = "The task, as \"labels next\" names it." };

    private static readonly Argument<string?> Label = new("label") { Description = "The row's label.", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<bool> Skip = new("--skip") { Description = "Leave the task without an answer." };

    public static Verb Make(Terminal terminal) => new(
        "labels", "Rows that wait for a label.", "orchestrator labels next", "orchestrator labels answer 3f2a90c1d7e4-1:7 8")
    {
        Next(terminal), Answer(terminal),
    };

    private static Verb Next(Terminal terminal) =>
        new Verb("next", "The tasks to answer next, most suspicious first.", "orchestrator labels next", "orchestrator labels next --limit 1 --json") { Queue, Limit }
            .Asks(terminal, async asking =>
            {
                var queue = asking.Parsed.GetValue(Queue) is { } id ? $"&queue={Uri.EscapeDataString(id)}" : "";
                await asking.ShowAsync<List<LabelTask>>($"/api/labels/next?limit={asking.Parsed.GetValue(Limit)}{queue}", tasks => Show(terminal, tasks));
                return ExitCode.Ok;
            });

    private static Verb Answer(Terminal terminal) =>
        new Verb("answer", "Answers a task, or skips it.", "orchestrator labels answer 3f2a90c1d7e4-1:7 8", "orchestrator labels answer 3f2a90c1d7e4-1:7 --skip")
        {
            Task, Label, Skip,
        }.Asks(terminal, async asking =>
        {
            var (path, word) = Word(asking.Parsed);
            var task = await asking.Client.PostAsync<LabelTask>(path, word, asking.Cancellation);
            asking.Present(task, taken => terminal.Line(taken.Answer is { } label ? $"{taken.Id} is {label} (it was {taken.Given})." : $"{taken.Id} is skipped."));
            return ExitCode.Ok;
        });

    private static (string Path, object Word) Word(ParseResult parsed) => (parsed.GetValue(Label), parsed.GetValue(Skip)) switch
    {
        ({ } label, false) => ("/api/labels/answer", new LabelAnswer(parsed.GetRequiredValue(Task), label)),
        (null, true) => ("/api/labels/skip", new LabelSkip(parsed.GetRequiredValue(Task))),
        (null, false) => throw new CommandException("say the label, or --skip"),
        _ => throw new CommandException("say either the label or --skip, not both"),
    };

    private static void Show(Terminal terminal, List<LabelTask> tasks) => terminal.ShowTable(
        "No label tasks.",
        ["task", "row", "given", "suggested", "score", "columns"],
        tasks.Select(task => new[]
        {
            task.Id, task.RowId, task.Given, task.Suggested, Words.Of(task.Score), string.Join(' ', task.Columns.Take(6).Select(pair => $"{pair.Key}={pair.Value}")),
        }));
}
