using System.Data.Common;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Carries fixes from state to state: decides a command and writes its events, what follows from them and the audit in the caller's transaction.</summary>
public sealed class FixRunner
{
    private readonly EffectStore _effects;
    private readonly WorkflowRunner _workflows;

    public FixRunner(EffectStore effects, WorkflowRunner workflows)
    {
        _effects = effects;
        _workflows = workflows;
        workflows.Ended += OnWorkflowEnded;
    }

    /// <summary>Raised for each event of a fix, in the transaction in which it is written.</summary>
    public event Action<Transaction, Fix, FixEvent>? Happened;

    /// <summary>Opens a fix and asks for its preparation; a second opening of the same id changes nothing.</summary>
    public void Open(Transaction transaction, FixCommand.Open command, int priority, int labelBudget)
    {
        if (FixStore.Find(transaction.Connection, command.Id) is not null)
        {
            return;
        }

        var opened = (FixDecision.Accepted)FixDecision.Decide(null, command);
        FixStore.Save(transaction, Fix.Evolve(null, opened.Events[0]), priority, labelBudget);
        Record(transaction, command.Id, "rule", opened.Events[0]);
        _effects.Add(transaction, FixPreparation.Ask(command.Id, command.At), command.At);
    }

    /// <summary>Applies a command; a refusal changes nothing.</summary>
    public FixDecision Handle(Transaction transaction, string fixId, FixCommand command, string actor)
    {
        if (command is FixCommand.Propose { Plan: var plan } && PlanCheck.Fault(plan) is { } fault)
        {
            return new FixDecision.Refused(fault);
        }

        var fix = FixStore.Find(transaction.Connection, fixId);
        var decision = FixDecision.Decide(fix, command);
        if (decision is FixDecision.Accepted { Events.Length: > 0 } accepted)
        {
            foreach (var @event in accepted.Events)
            {
                fix = Fix.Evolve(fix, @event);
                Record(transaction, fixId, ApproverIn(@event) ?? actor, @event);
            }

            FixStore.Update(transaction, fix!);
            foreach (var @event in accepted.Events)
            {
                Happened?.Invoke(transaction, fix!, @event);
                Follow(transaction, fix!, @event);
            }
        }

        return decision;
    }

    /// <summary>Lets the patch that people's labels make be approved first, where the rule asks for that; false where the workflow goes on at once.</summary>
    public bool AsksForPatch(Transaction transaction, string instanceId, PatchProposal patch, DateTimeOffset at) =>
        patch.Changes > 0 && FixStore.OfInstance(transaction.Connection, instanceId) is { Terms.AsksForPatch: true } fix
        && Handle(transaction, fix.Id, new FixCommand.ProposePatch(patch) { At = at }, "system") is FixDecision.Accepted { Events.IsEmpty: false };

    private static string? ApproverIn(FixEvent @event) => @event switch
    {
        FixEvent.Approved approved => approved.By,
        FixEvent.PatchApproved approved => approved.By,
        _ => null,
    };

    /// <summary>Turns the kill switch; once it is off, what waited for it starts.</summary>
    public void SetKillSwitch(Transaction transaction, bool on, string by, DateTimeOffset at)
    {
        KillSwitch.Set(transaction, on, by, at);
        if (!on)
        {
            StartApproved(transaction, at);
        }
    }

    /// <summary>Starts approved fixes that nothing holds back, most urgent first.</summary>
    public void StartApproved(Transaction transaction, DateTimeOffset now)
    {
        foreach (var fix in FixStore.InState(transaction.Connection, FixState.Approved))
        {
            if (StartObjection(transaction.Connection, fix, now) is null)
            {
                Handle(transaction, fix.Id, Next(transaction, fix, now), "system");
            }
            else if (fix.Terms.Hours is { } hours && !hours.Contains(now))
            {
                var next = hours.NextBeginning(now);
                _effects.Add(transaction, TimerEffect.Ask(TimerTarget.Start, fix.Id, FormattableString.Invariant($"start:{next.ToMicros()}"), next), now);
            }
        }
    }

    /// <summary>Why an approved fix does not start now; null where nothing holds it back.</summary>
    public static string? StartObjection(DbConnection connection, Fix fix, DateTimeOffset now) => Guardrails.StartObjection(fix, Context(connection, fix.Model), now);

    /// <summary>What the guardrails of a model look at.</summary>
    internal static GuardrailContext Context(DbConnection connection, string? model) =>
        new([.. FixStore.Past(connection)], [.. FindingStore.Firing(connection, model)], KillSwitch.IsOn(connection));

    /// <summary>What comes of an approved fix whose turn it is: it starts, unless its plan is not what was approved or its ground has moved.</summary>
    private static FixCommand Next(Transaction transaction, Fix fix, DateTimeOffset now)
    {
        if (!PlanCheck.IsApproved(fix))
        {
            return new FixCommand.WorkflowFailed("the stored plan is not the one that was approved") { At = now };
        }

        var moved = fix.Plan!.Evidence.BaseVersions.FirstOrDefault(based => DatasetVersionStore.Current(transaction.Connection, based.Key)?.Id != based.Value).Key;
        return moved is null
            ? new FixCommand.Start($"{fix.Id}-run") { At = now }
            : new FixCommand.Supersede($"the dataset {moved} has another version than the plan was made from") { At = now };
    }

    /// <summary>Ends what is not under way yet of a finding whose alert is gone.</summary>
    public void Supersede(Transaction transaction, string findingId, string reason, DateTimeOffset now)
    {
        foreach (var fix in FixStore.OfFinding(transaction.Connection, findingId).Where(fix => fix.IsOpen))
        {
            Handle(transaction, fix.Id, new FixCommand.Supersede(reason) { At = now }, "system");
        }
    }

    private void Follow(Transaction transaction, Fix fix, FixEvent @event)
    {
        switch (@event)
        {
            case FixEvent.Proposed proposed:
                AskDeadline(transaction, fix, proposed.Deadline, @event.At);
                break;
            case FixEvent.Approved:
                StartApproved(transaction, @event.At);
                break;
            case FixEvent.Started started:
                _workflows.Start(transaction, started.InstanceId, fix.Plan!.Definition, fix.Plan.Inputs, @event.At);
                break;
            case FixEvent.PatchProposed proposed:
                AskDeadline(transaction, fix, proposed.Deadline, @event.At);
                break;
            case FixEvent.PatchApproved when fix.Patch is { } patch:
                _workflows.Handle(transaction, fix.InstanceId!, new WorkflowCommand.ResumeBookmark(@event.At, patch.Bookmark, patch.Outcome, patch.Outputs));
                break;
            case FixEvent.Ran ran:
                AskDeadline(transaction, fix, ran.Deadline, @event.At);
                break;
            case FixEvent.CompensationStarted started:
                _workflows.Handle(transaction, fix.InstanceId!, new WorkflowCommand.Compensate(@event.At, started.Reason));
                break;
            case FixEvent.Ended ended:
                End(transaction, fix, ended);
                break;
        }
    }

    private void End(Transaction transaction, Fix fix, FixEvent.Ended ended)
    {
        if (ended.State == FixState.Succeeded && FindingStore.Find(transaction.Connection, fix.FindingId) is { } finding)
        {
            FindingStore.Save(transaction, finding with
            {
                State = FindingState.Resolved,
                Resolution = $"verified by fix {fix.Id}: {ended.Reason}",
                ResolvedAt = finding.ResolvedAt ?? ended.At,
            });
            AuditStore.Append(transaction, ended.At, "system", "finding.verified", finding.Id, new { fix = fix.Id });
        }

        StartApproved(transaction, ended.At);
    }

    private void OnWorkflowEnded(Transaction transaction, WorkflowEnd end)
    {
        if (FixStore.OfInstance(transaction.Connection, end.InstanceId) is not { } fix)
        {
            return;
        }

        FixCommand command = (fix.State, end.Fault) switch
        {
            (FixState.Compensating, _) => new FixCommand.FinishCompensation(end.Fault) { At = end.At },
            (_, null) => new FixCommand.WorkflowFinished("the workflow finished") { At = end.At },
            (_, { } fault) => new FixCommand.WorkflowFailed(fault, end.LeftChanges) { At = end.At },
        };
        Handle(transaction, fix.Id, command, "system");
    }

    private void AskDeadline(Transaction transaction, Fix fix, DateTimeOffset deadline, DateTimeOffset now) =>
        _effects.Add(transaction, TimerEffect.Ask(TimerTarget.Fix, fix.Id, $"deadline:{deadline.ToMicros()}", deadline), now);

    private static void Record(Transaction transaction, string fixId, string actor, FixEvent @event)
    {
        FixStore.Append(transaction, fixId, actor, @event);
        AuditStore.Append(transaction, @event.At, actor, $"fix.{Json.Name(@event.GetType().Name)}", fixId, Details(@event));
    }

    private static object? Details(FixEvent @event) => @event switch
    {
        FixEvent.Proposed e => new { plan_sha256 = e.Plan.Sha256 },
        FixEvent.Approved e => new { plan_sha256 = e.PlanSha256, comment = e.Comment },
        FixEvent.PatchProposed e => new { patch_sha256 = e.Patch.Sha256, changes = e.Patch.Changes },
        FixEvent.PatchApproved e => new { patch_sha256 = e.PatchSha256, comment = e.Comment },
        FixEvent.Started e => new { instance = e.InstanceId },
        FixEvent.Ended e => new { state = Json.Name(e.State.ToString()), reason = e.Reason },
        FixEvent.CompensationStarted e => new { reason = e.Reason },
        _ => null,
    };
}
