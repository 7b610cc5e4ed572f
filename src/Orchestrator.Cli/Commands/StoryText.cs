using System.Globalization;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Cli.Commands;

/// <summary>The figures of a story, for people and as <c>report.json</c>.</summary>
internal static class StoryText
{
    /// <summary>Whether every finding is resolved and every fix did its work; where there was nothing to find, there is nothing to close.</summary>
    public static bool IsClosed(StoryReport report) => report.Stories.All(IsClosed);

    private static bool IsClosed(StoryResult story) =>
        story.Fixes.All(fix => fix.States[^1] == "succeeded") && story.Findings.All(finding => finding.State == "resolved");

    private static bool IsQuiet(StoryResult story) => story.Fixes.IsEmpty && story.Findings.IsEmpty;

    public static void Show(Terminal terminal, StoryReport report)
    {
        foreach (var story in report.Stories)
        {
            Show(terminal, story);
        }

        terminal.Line();
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Played in {report.Cost.Seconds:0.0} s, with {report.Cost.ProcessorSeconds:0} s of processor time and {report.Cost.PeakMemoryBytes / 1e6:0} MB of memory at most."));
        terminal.Line(LastWord(report));
    }

    private static string LastWord(StoryReport report)
    {
        if (report.Stories.All(IsQuiet))
        {
            return "No rule held: there was nothing to repair.";
        }

        var open = report.Stories.Sum(story => story.Findings.Count(finding => finding.State != "resolved"));
        var failed = report.Stories.Sum(story => story.Fixes.Count(fix => fix.States[^1] != "succeeded"));
        return IsClosed(report)
            ? "The loop closed: every finding is resolved, every fix did its work."
            : $"The loop did not close: open findings {open}, fixes that did not succeed {failed}.";
    }

    /// <summary>Writes <c>report.json</c> into a folder.</summary>
    public static async Task SaveAsync(StoryReport report, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), Json.Write(report) + "\n", cancellation);
    }

    private static void Show(Terminal terminal, StoryResult story)
    {
        terminal.Line();
        terminal.ShowPairs(
        [
            ("story", story.ChangedAt is { } changed ? $"{story.Name}: on {Words.Of(changed)} the world changes" : story.Name),
            (story.Metric, $"{Number(story.Before)} before the fix, {Number(story.After)} after, {Number(story.Ceiling)} {(story.ChangedAt is null ? "at best" : "before the change")}{Gap(story)}"),
            .. Latency(story),
            .. Labels(story),
        ]);
        terminal.ShowTable("No findings.", ["finding", "rule", "opened", "state", "how"], story.Findings.Select(finding =>
            new[] { finding.Id, finding.Rule, Words.Of(finding.OpenedAt), finding.State, finding.Resolution }));
        terminal.ShowTable("No fixes.", ["fix", "rule", "workflow", "went through", "approved by"], story.Fixes.Select(fix =>
            new[] { fix.Id, fix.Rule, fix.Workflow, string.Join(" → ", fix.States), fix.ApprovedBy }));
        terminal.ShowTable("No version has served.", ["at", "move", "from", "to", "reason"], story.Moves.Select(move =>
            new[] { Words.Of(move.At), Words.Of(move.Kind), move.From, move.To, move.Reason }));
    }

    /// <summary>Told only where it is part of the story.</summary>
    private static IEnumerable<(string, string)> Latency(StoryResult story) =>
        story.Latency is { } latency && (Milliseconds(latency.Before), Milliseconds(latency.After), Milliseconds(latency.Ceiling)) is var (before, after, usual) && before != usual
            ? [("latency (p95)", $"{before} before the fix, {after} after, {usual} before the change")]
            : [];

    private static IEnumerable<(string, string)> Labels(StoryResult story)
    {
        if (story.Segment is { } segment)
        {
            yield return ("blamed segment", segment);
        }

        if (story.Suspects is { } suspects)
        {
            yield return ("suspects", $"{Share(suspects.Precision)} of the flagged rows were wrong; {Share(suspects.Recall)} of the wrong rows were asked about");
        }

        yield return ("labels asked", Words.Of(story.LabelsAsked));
    }

    private static string Milliseconds(double? seconds) => seconds is { } known ? (known * 1000).ToString("0.# ms", CultureInfo.InvariantCulture) : "unknown";

    private static string Number(double? value) => value is { } known ? Words.Of(known) : "unknown";

    private static string Share(double value) => value.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Gap(StoryResult story) => story.GapClosed is { } gap ? $" ({Share(gap)} of the loss regained)" : "";
}
