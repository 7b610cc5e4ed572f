using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Deployments;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Evaluations;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Notifications;

/// <summary>Turns events into messages to those whom the operator wants to hear of them, in the transaction of the event: what is rolled back is not told, what is committed is told once.</summary>
public sealed class Announcer(OperatorFile operatorFile, EffectStore effects, Clocks clocks)
{
    private const string Proposed = "fix_proposed";
    private const string Expiring = "approval_expiring";
    private const string Failed = "fix_failed";
    private const string Parked = "work_parked";
    private const string RuleError = "rule_error";
    private const string DeploymentFailed = "deployment_failed";

    /// <summary>The part of the time for an approval after which people are reminded.</summary>
    private const double ReminderAfter = 0.75;

    /// <summary>Tells of what happened to a fix.</summary>
    public void OnFix(Transaction transaction, Fix fix, FixEvent happened)
    {
        switch (happened)
        {
            case FixEvent.Proposed proposed:
                Tell(transaction, About(transaction, fix, Proposed, $"{FixWords.Proposal(fix)}.", $"{fix.Id}:{fix.PlanNumber}"));
                AskReminder(transaction, fix, (proposed.At, proposed.Deadline));
                break;
            case FixEvent.PatchProposed patch:
                Tell(transaction, About(transaction, fix, Proposed, $"{FixWords.PatchOf(fix)}.", $"{fix.Id}:{patch.Patch.Sha256}"));
                AskReminder(transaction, fix, (patch.At, patch.Deadline));
                break;
            case FixEvent.Ended { State: FixState.Failed or FixState.Compensated } ended:
                Tell(transaction, About(transaction, fix, Failed, $"{FixWords.Named(fix)} {(ended.State == FixState.Failed ? "failed" : "did not help and was undone")}: {ended.Reason.TrimEnd('.')}.", fix.Id));
                break;
        }
    }

    /// <summary>Reminds of a proposal that still waits for the word that it waited for when the timer was set.</summary>
    public void Remind(Transaction transaction, TimerBody timer)
    {
        if (FixStore.Find(transaction.Connection, timer.Owner) is { Deadline: { } deadline } fix && Waits(fix) && timer.Name == ReminderOf(deadline))
        {
            Tell(transaction, About(transaction, fix, Expiring, $"{FixWords.Named(fix)} runs out at {deadline:u} unless somebody approves {(fix.AwaitsPatch ? "its patch" : "it")}.", $"{fix.Id}:{fix.Patch?.Sha256 ?? $"{fix.PlanNumber}"}"));
        }
    }

    /// <summary>Tells of work that was set aside for a person.</summary>
    public void OnParked(Transaction transaction, EffectAttempt attempt, string reason)
    {
        var effect = attempt.Effect;
        if (effect.Kind == NotificationEffect.KindName)
        {
            return;
        }

        var fix = FixStore.Find(transaction.Connection, effect.Owner) ?? FixStore.OfInstance(transaction.Connection, effect.Owner);
        var key = FormattableString.Invariant($"{effect.Key}:{attempt.Fence}");
        var text = $"The work {effect.Key} was set aside for a person: {reason.TrimEnd('.')}.";
        var about = fix is null ? Bare(Parked, text, key, effect.Owner) : About(transaction, fix, Parked, text, key);
        Tell(transaction, about with { Message = about.Message with { Next = "orchestrator status" } });
    }

    /// <summary>Tells of rules that could be evaluated before, or were never evaluated, and now cannot.</summary>
    public void OnEvaluated(Transaction transaction, EvaluatedGroup evaluated, RuleGroupState before)
    {
        foreach (var (key, state) in evaluated.Evaluation.State.Rules.Where(pair => pair.Value.Health.IsError && before.Rules.GetValueOrDefault(pair.Key)?.Health.IsError != true))
        {
            var name = key[..key.LastIndexOf('#')];
            var rule = evaluated.Group.Rules.FirstOrDefault(rule => rule.Name == name);
            var bare = Bare(
                RuleError,
                $"The rule {name} of the group {evaluated.Group.Name} cannot be evaluated: {state.Health.Error}.",
                FormattableString.Invariant($"{evaluated.Group.Name}:{key}:{state.Health.At}"),
                evaluated.Group.Name);
            Tell(transaction, bare with { Owner = (rule as Rule.Alerting)?.Owner, Message = bare.Message with { Model = evaluated.Group.Model, Rule = name, Next = "orchestrator check on its file, and orchestrator status" } });
        }
    }

    /// <summary>Tells of files that were refused where the look before found others, or found these good.</summary>
    public void OnRefused(Transaction transaction, RevisionAttempt attempt)
    {
        var more = attempt.Diagnostics.Length > 1 ? $" And {attempt.Diagnostics.Length - 1} more." : "";
        var text = $"The rules of {attempt.Source} were refused, and what was in force stays in force: {attempt.Diagnostics.FirstOrDefault()?.TrimEnd('.')}.{more}";
        var bare = Bare(RuleError, text, FormattableString.Invariant($"revision:{attempt.At.ToMicros()}"), "rules");
        Tell(transaction, bare with { Message = bare.Message with { Next = "orchestrator check on the files" } });
    }

    /// <summary>Tells of a champion that serving did not follow, whoever moved it.</summary>
    public void OnDeploymentFailed(Transaction transaction, Deployments.Deployment deployment)
    {
        var moved = deployment.Kind == MoveKind.Promotion ? "promotion of" : "rollback to";
        var text = $"The {moved} {deployment.Version ?? "no version"} of the model {deployment.Model} did not reach serving: {deployment.Note?.TrimEnd('.')}.";
        var bare = Bare(DeploymentFailed, text, deployment.Key, deployment.Model);
        Tell(transaction, bare with { Message = bare.Message with { Model = deployment.Model, Next = $"orchestrator models {deployment.Model}" } });
    }

    private static bool Waits(Fix fix) => fix.State == FixState.Proposed || fix.AwaitsPatch;

    private void AskReminder(Transaction transaction, Fix fix, (DateTimeOffset At, DateTimeOffset Deadline) proposed)
    {
        if (Waits(fix) && operatorFile.Notify.Any(one => one.Events.Contains(Expiring)))
        {
            var due = proposed.At + ((proposed.Deadline - proposed.At) * ReminderAfter);
            effects.Add(transaction, TimerEffect.Ask(TimerTarget.Reminder, fix.Id, ReminderOf(proposed.Deadline), due), proposed.At);
        }
    }

    private static string ReminderOf(DateTimeOffset deadline) => FormattableString.Invariant($"reminder:{deadline.ToMicros()}");

    /// <summary>One message to each target that hears of such events, however often it is named.</summary>
    private void Tell(Transaction transaction, Announcement announcement)
    {
        var heard = operatorFile.Notify.Where(one => one.Events.Contains(announcement.Message.Event) && (one.Owner is null || one.Owner == announcement.Owner));
        foreach (var target in heard.Select(one => one.Target).Distinct(StringComparer.Ordinal))
        {
            effects.Add(transaction, NotificationEffect.Ask(target, announcement.Subject, announcement.Message), clocks.Now);
        }
    }

    private Announcement About(Transaction transaction, Fix fix, string kind, string text, string key)
    {
        var finding = FindingStore.Find(transaction.Connection, fix.FindingId);
        var bare = Bare(kind, text, key, fix.Id);
        return bare with
        {
            Owner = finding?.Owner,
            Message = bare.Message with
            {
                Model = fix.Model,
                Rule = fix.Rule,
                Finding = FixWords.Finding(fix.FindingId, finding),
                Fix = fix.Id,
                Segment = FixWords.Segment(fix),
                Expects = FixWords.Expects(fix),
                Next = $"orchestrator fixes show {fix.Id}",
                Link = operatorFile.PublicUrl is { } url ? $"{url}/#{fix.Id}" : null,
            },
        };
    }

    private Announcement Bare(string kind, string text, string key, string subject) => new(
        subject,
        null,
        new Notification(kind, text, $"{kind}:{key}", clocks.Now) { Environment = operatorFile.Environment, Link = operatorFile.PublicUrl is { } url ? $"{url}/" : null });

    /// <summary>A message with whose it is and what it is about.</summary>
    private sealed record Announcement(string Subject, string? Owner, Notification Message);
}
