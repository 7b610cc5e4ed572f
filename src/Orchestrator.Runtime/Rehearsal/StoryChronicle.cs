using System.Text.Json;
using Orchestrator.Runtime.Audit;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Tells what the system decided, from its audit, in one line each; what was decided before it began is not told again.</summary>
internal sealed class StoryChronicle(Node node)
{
    private long _told = node.Database.Read(AuditStore.LastSequence);

    /// <summary>What was decided since the last call.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Line)> Next()
    {
        var entries = node.Database.Read(connection => AuditStore.After(connection, _told));
        _told = entries.Count > 0 ? entries[^1].Sequence : _told;
        return [.. entries.Select(entry => (entry.At, Line: Line(entry))).Where(told => told.Line is not null).Select(told => (told.At, told.Line!))];
    }

    private static string? Line(AuditEntry entry)
    {
        using var body = JsonDocument.Parse(entry.Body);
        string Of(string name) => body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "";
        return entry.Action switch
        {
            "finding.opened" => $"finding {entry.Subject}: {Of("rule")} holds for {Of("labels")}",
            "finding.resolved" => $"finding {entry.Subject} is resolved: {Of("reason")}",
            "finding.verified" => $"finding {entry.Subject} is closed: the recovery is verified",
            "fix.opened" => $"fix {entry.Subject} is being prepared",
            "fix.proposed" => $"fix {entry.Subject} is proposed, plan {Short(Of("plan_sha256"))}",
            "fix.approved" => $"fix {entry.Subject} is approved by {entry.Actor}, plan {Short(Of("plan_sha256"))}",
            "fix.started" => $"fix {entry.Subject} runs",
            "fix.patch_proposed" => $"fix {entry.Subject} has its labels: a patch of {Of("changes")} labels waits for approval, {Short(Of("patch_sha256"))}",
            "fix.patch_approved" => $"the patch of {entry.Subject} is approved by {entry.Actor}, {Short(Of("patch_sha256"))}",
            "label_queue.withdrawn" => $"nobody waits any more for the labels of {entry.Subject}",
            "fix.ran" => $"fix {entry.Subject} ran: now the metric has to recover",
            "fix.compensation_started" => $"fix {entry.Subject} is undone: {Of("reason")}",
            "fix.ended" => $"fix {entry.Subject} {Of("state")}: {Of("reason")}",
            "label_queue.opened" => $"{Of("tasks")} rows of {Of("dataset")} are to be labelled",
            "label_queue.closed" => $"{Of("answered")} answers are in, {Of("changed")} labels change",
            "dataset.version" => $"{entry.Subject} has version {Short(Of("to"))}: {Of("reason")}",
            "model.promotion" => $"{Of("to")} serves: {Of("reason")}",
            "model.rollback" => $"{Of("to")} serves again: {Of("reason")}",
            _ => null,
        };
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
