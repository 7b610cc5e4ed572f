using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Asks people for the labels of suspects: opens a queue with suggestions and waits until it is closed.</summary>
public sealed class RelabelActivity(LabelDesk desk, ArtifactStore artifacts, Authored authored) : IActivity
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromDays(3);

    public string Type => "Orchestrator.Relabel";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var list = Read(await artifacts.ReadTextAsync(call.Text("Suspects"), cancellation).ConfigureAwait(false));
        if (list.Dataset != call.Text("Dataset"))
        {
            throw new ActivityInputException($"the suspects are rows of {list.Dataset}, not of {call.Text("Dataset")}");
        }

        var bookmark = LabelDesk.BookmarkOf(call.Key);
        var id = $"q-{call.Key.Replace('/', '-')}";
        var budget = call.OptionalNumber("Budget") ?? list.Rows.Length;
        var asked = list.Into is null ? list.Rows : [.. list.Rows.Where(row => row.Given.Length == 0)];
        var labels = LabelsOf(list.Dataset);
        var (show, overlap) = (labels?.Show ?? [], labels?.Overlap ?? 1);
        if (Math.Min(budget, asked.Length) < overlap)
        {
            throw new ActivityInputException($"{Math.Min(budget, asked.Length)} labels are fewer than the {overlap} people who answer each row (overlap)");
        }

        var tasks = asked.Take(Math.Min(budget, asked.Length) / overlap).Select((row, i) => Task((id, i + 1), row, show)).ToList();
        var queue = new LabelQueue(id, list.Dataset, list.Version, call.InstanceId, bookmark, "open", budget, call.Now, call.Now + Deadline(call))
        {
            Classes = list.Classes, LabelSet = list.LabelSet, Overlap = overlap,
        };
        return new ActivityResult.Waiting(queue.Bookmark) { Ask = transaction => desk.Open(transaction, queue, tasks) };
    }

    private LabelSource? LabelsOf(string dataset) => authored.Dataset(dataset) is var (monitor, _) && monitor.Model is { } name ? authored.Model(name)?.Labels : null;

    private static LabelTask Task((string Queue, int Position) place, SuspectRow row, ImmutableArray<string> show) => new(
        FormattableString.Invariant($"{place.Queue}:{place.Position}"),
        place.Queue,
        place.Position,
        row.Id,
        row.Content,
        row.Given,
        row.Suggested,
        row.Score,
        ShownColumns.Of(row.Cells, show));

    private static TimeSpan Deadline(ActivityCall call)
    {
        if (call.OptionalText("Deadline") is not { } text)
        {
            return DefaultDeadline;
        }

        return TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero
            ? span
            : throw new ActivityInputException($"the deadline \"{text}\" is no time; allowed: [d.]hh:mm:ss");
    }

    private static SuspectList Read(string text)
    {
        try
        {
            return Json.Read<SuspectList>(text);
        }
        catch (JsonException error)
        {
            throw new ActivityInputException($"the input Suspects is no list of suspects: {error.Message}");
        }
    }
}
