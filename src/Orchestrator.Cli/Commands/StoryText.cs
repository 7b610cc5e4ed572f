using System.Globalization;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Cli.Commands;

/// <summary>The figures of a story, for people and as <c>report.json</c>.</summary>
internal static class StoryText
{
    /// <summary>Whether every finding is resolved and every fix did its work.</summary>
    public static bool IsClosed(StoryReport report) => report.Stories.All(story =>
        !story.Fixes.IsEmpty && story.Fixes.All(fix => fix.States[^1] == "succeeded") && story.Findings.All(finding => finding.State == "resolved"));

    public static void Show(Terminal terminal, StoryReport report)
    {
        foreach (var story in report.Stories)
        {
            Show(terminal, story);
        }

        terminal.Line(IsClosed(report) ? "The loop closed: every finding is resolved, every fix did its work." : "The loop did not close.");
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
            ("story", $"{story.Name}, played in {story.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s"),
            (story.Metric, $"{Number(story.Before)} before, {Number(story.After)} after, {Number(story.Ceiling)} at best{Gap(story)}"),
            ("blamed segment", story.Segment ?? "none"),
            ("suspects", story.Suspects is { } suspects ? $"{Share(suspects.Precision)} of the flagged rows were wrong; {Share(suspects.Recall)} of the wrong rows were asked about" : "none"),
            ("labels asked", Words.Of(story.LabelsAsked)),
        ]);
        terminal.ShowTable("No findings.", ["finding", "rule", "state", "how"], story.Findings.Select(finding =>
            new[] { finding.Id, finding.Rule, finding.State, finding.Resolution }));
        terminal.ShowTable("No fixes.", ["fix", "rule", "workflow", "went through", "approved by"], story.Fixes.Select(fix =>
            new[] { fix.Id, fix.Rule, fix.Workflow, string.Join(" → ", fix.States), fix.ApprovedBy }));
        terminal.ShowTable("No models.", ["", "version", "digest", "served from"], story.Models.Select(model =>
            new[] { model.Champion ? "champion" : "", model.Version, Words.Short(model.Digest), Words.Of(model.ServedFrom) }));
    }

    private static string Number(double? value) => value is { } known ? Words.Of(known) : "unknown";

    private static string Share(double value) => value.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Gap(StoryResult story) => story.GapClosed is { } gap ? $" ({Share(gap)} of the gap closed)" : "";
}
