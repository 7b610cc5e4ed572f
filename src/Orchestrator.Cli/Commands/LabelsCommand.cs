using System.CommandLine;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Server.Labeling;

namespace Orchestrator.Cli.Commands;

/// <summary><c>labels next|answer|export|import</c>: rows that wait for a label.</summary>
internal static class LabelsCommand
{
    private const int AnswersAtOnce = 500;

    private static readonly Option<string?> Queue = new("--queue") { Description = "Only tasks of this queue." };

    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 10 };

    private static readonly Argument<string> Task = new("task") { Description = "The task, as \"labels next\" names it." };

    private static readonly Argument<string?> Label = new("label") { Description = "The row's label.", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<bool> Skip = new("--skip") { Description = "Leave the task without an answer." };

    private static readonly Argument<string> OneQueue = new("queue") { Description = "The queue." };

    private static readonly Argument<string> File = new("file") { Description = "A .csv, or Label Studio's .json." };

    private static readonly Option<string> Out = new("--out") { Description = "The file to write: .csv, or .json for Label Studio.", Required = true };

    public static Verb Make(Terminal terminal) => new(
        "labels", "Rows that wait for a label.", "orchestrator labels next", "orchestrator labels answer 3f2a90c1d7e4-1:7 8")
    {
        Next(terminal), Answer(terminal), Export(terminal), Import(terminal),
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

    private static Verb Export(Terminal terminal) =>
        new Verb("export", "Writes the open tasks of a queue to a file, to be labelled elsewhere.", "orchestrator labels export q-3f2a90c1d7e4-1 --out tasks.json", "orchestrator labels export q-3f2a90c1d7e4-1 --out tasks.csv")
        {
            OneQueue, Out,
        }.Asks(terminal, async asking =>
        {
            var queue = asking.Parsed.GetRequiredValue(OneQueue);
            var shown = await WholeAsync(asking, $"/api/labels/queues/{Uri.EscapeDataString(queue)}");
            foreach (var path in await LabelFile.WriteAsync(shown, asking.Parsed.GetRequiredValue(Out), asking.Cancellation))
            {
                terminal.Line($"Written to {path}.");
            }

            return ExitCode.Ok;
        });

    private static Verb Import(Terminal terminal) =>
        new Verb("import", "Takes the answers of a file; exit 1 where one was not taken. Taking a file again changes nothing.", "orchestrator labels import tasks.csv", "orchestrator labels import project-7.json")
        {
            File,
        }.Asks(terminal, async asking =>
        {
            var answers = await LabelFile.ReadAsync(asking.Parsed.GetRequiredValue(File), asking.Cancellation);
            var refused = new List<string>();
            foreach (var some in answers.Chunk(AnswersAtOnce))
            {
                var taken = await asking.Client.PostAsync<List<AnswerTaken>>("/api/labels/answers", some.Select(one => new LabelAnswer(one.Task, one.Label)).ToList(), asking.Cancellation);
                refused.AddRange(some.Zip(taken).Where(pair => pair.Second.Refusal is not null).Select(pair => $"{pair.First.Place}: {pair.Second.Refusal}"));
            }

            asking.Present(new AnswersTaken(answers.Length - refused.Count, refused), ShowTaken);
            return refused.Count > 0 ? ExitCode.Found : ExitCode.Ok;

            void ShowTaken(AnswersTaken taken)
            {
                taken.Refused.ForEach(terminal.Line);
                terminal.Line($"{taken.Taken} answers taken, {taken.Refused.Count} not.");
            }
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

    /// <summary>The queue with all its tasks, which come a page at a time.</summary>
    private static async Task<QueueShown> WholeAsync(Asking asking, string path)
    {
        var shown = await asking.Client.GetAsync<QueueShown>(path, asking.Cancellation);
        var tasks = shown.Tasks.ToList();
        while (shown.Next is { } next)
        {
            shown = await asking.Client.GetAsync<QueueShown>(FormattableString.Invariant($"{path}?after={next}"), asking.Cancellation);
            tasks.AddRange(shown.Tasks);
        }

        return shown with { Tasks = tasks };
    }
}

/// <summary>What became of a file of answers.</summary>
internal sealed record AnswersTaken(int Taken, List<string> Refused);
