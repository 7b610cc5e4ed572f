using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Workflows;

/// <summary>Scratch drafts of what is not the designer's own: of a fix's plan, submitted as its next plan, and of an authored definition, proposed to those who keep it.</summary>
internal sealed class Scratches(DefinitionLibrary library, FixRunner fixes, Clocks clocks)
{
    private DateTimeOffset LockEnd => clocks.Real.GetUtcNow() + DefinitionDesk.LockTime;

    public SaveOutcome Begin(Transaction transaction, string definitionId, string by)
    {
        if (library.Newest(transaction.Connection, definitionId) is not { } newest)
        {
            return new SaveOutcome.Refused("there is no such definition", "See /api/workflows for those that exist.", null);
        }

        if (EditStore.Lock(transaction.Connection, definitionId, clocks.Real.GetUtcNow()) is { } held)
        {
            return held.Holder == by && DefinitionStore.Find(transaction.Connection, held.DraftId) is { IsScratch: true } own
                ? new SaveOutcome.Saved(own, Changed: false)
                : new SaveOutcome.Refused($"{held.Holder} is editing it", "You see it as it was before; try again later.", null);
        }

        if (Objection(transaction, newest) is { } objection)
        {
            return new SaveOutcome.Refused(objection, "It can only be looked at.", null);
        }

        var number = Math.Max(newest.Version, DefinitionStore.LastVersion(transaction.Connection, definitionId)) + 1;
        var scratch = newest with
        {
            Id = DefinitionDesk.NewId(clocks),
            Version = number,
            State = VersionState.Scratch,
            IsLatest = true,
            CreatedAt = clocks.Now,
            CreatedBy = by,
            ChangedAt = clocks.Now,
            ChangedBy = by,
        };
        DefinitionStore.Add(transaction, scratch);
        EditStore.Take(transaction, new EditLock(definitionId, by, scratch.Id, LockEnd));
        DefinitionDesk.Audit(transaction, "workflow.edit_begun", scratch, clocks);
        return new SaveOutcome.Saved(scratch);
    }

    public bool GiveUp(Transaction transaction, string definitionId, string by)
    {
        if (EditStore.Lock(transaction.Connection, definitionId, clocks.Real.GetUtcNow()) is not { } held || held.Holder != by)
        {
            return false;
        }

        if (DefinitionStore.Find(transaction.Connection, held.DraftId) is { IsScratch: true } scratch)
        {
            DefinitionStore.Update(transaction, scratch with { State = VersionState.Discarded });
        }

        EditStore.Release(transaction, definitionId);
        AuditStore.Append(transaction, clocks.Now, by, "workflow.edit_given_up", definitionId, new { draft = held.DraftId });
        return true;
    }

    /// <summary>Saves into the scratch that the person holds; null where the person holds none.</summary>
    public SaveOutcome? Save(Transaction transaction, DefinitionSave save, (DefinitionVersion Newest, WorkflowDefinition Definition) of, string? branch)
    {
        var (newest, definition) = of;
        if (EditStore.Lock(transaction.Connection, save.DefinitionId, clocks.Real.GetUtcNow()) is not { } held || held.DraftId != save.VersionId
            || DefinitionStore.Find(transaction.Connection, held.DraftId) is not { IsScratch: true } scratch)
        {
            return null;
        }

        var changed = scratch with { Body = definition.Json.GetRawText(), ChangedAt = clocks.Now, ChangedBy = save.By };
        DefinitionStore.Update(transaction, changed);
        EditStore.Take(transaction, held with { Until = LockEnd });
        if (!save.Publish)
        {
            DefinitionDesk.Audit(transaction, "workflow.saved", changed, clocks);
            return new SaveOutcome.Saved(changed);
        }

        return newest.Origin == DefinitionOrigin.Fix ? Submit(transaction, changed, definition) : Propose(transaction, changed, definition, branch);
    }

    private static string? Objection(Transaction transaction, DefinitionVersion version) => version.Origin switch
    {
        DefinitionOrigin.Own => "it needs no permission to be edited: change it and it is saved",
        DefinitionOrigin.Fix when DefinitionLibrary.FixOf(transaction.Connection, version.DefinitionId) is { State: not FixState.Proposed } fix =>
            $"the fix is {Json.Name(fix.State.ToString())}, and only while it is proposed can its plan be changed",
        _ => null,
    };

    private SaveOutcome Submit(Transaction transaction, DefinitionVersion scratch, WorkflowDefinition edited)
    {
        var fix = DefinitionLibrary.FixOf(transaction.Connection, scratch.DefinitionId)!;
        var plan = fix.Plan!;
        if (plan.Sha256 != scratch.Base)
        {
            return new SaveOutcome.Refused("the plan has changed since you began to edit it", "Give your edit up, look at the new plan, and edit that one.", scratch.Id);
        }

        if (PlanEdit.Objection(plan, edited) is { } objection)
        {
            return new SaveOutcome.Invalid([objection]);
        }

        if (!PlanEdit.IsChange(plan, edited))
        {
            Close(transaction, scratch with { State = VersionState.Discarded });
            return new SaveOutcome.Submitted(library.Newest(transaction.Connection, scratch.DefinitionId)!, $"Nothing was changed: plan {fix.PlanNumber} stands.");
        }

        var command = new FixCommand.Propose(PlanEdit.Next(plan, edited, scratch.ChangedBy), scratch.ChangedBy) { At = clocks.Now };
        if (fixes.Handle(transaction, fix.Id, command, scratch.ChangedBy) is FixDecision.Refused refused)
        {
            return new SaveOutcome.Refused(refused.Reason, $"See /api/fixes/{fix.Id} for how it stands.", scratch.Id);
        }

        Close(transaction, scratch with { State = VersionState.Submitted });
        DefinitionDesk.Audit(transaction, "workflow.submitted", scratch, clocks);
        var newest = library.Newest(transaction.Connection, scratch.DefinitionId)!;
        return new SaveOutcome.Submitted(newest, $"Submitted as plan {newest.Version}. Somebody else has to approve it.");
    }

    private SaveOutcome.Submitted Propose(Transaction transaction, DefinitionVersion scratch, WorkflowDefinition edited, string? branch)
    {
        var proposal = new ChangeProposal(DefinitionDesk.NewId(clocks), scratch.DefinitionId, scratch.ChangedBy, clocks.Now, library.PathOf(scratch.DefinitionId), AuthoredText.Of(scratch, edited), branch);
        EditStore.Propose(transaction, proposal);
        Close(transaction, scratch with { State = VersionState.Submitted });
        AuditStore.Append(transaction, clocks.Now, scratch.ChangedBy, "workflow.proposed", scratch.DefinitionId, new { proposal = proposal.Id, branch });
        return new SaveOutcome.Submitted(
            library.Newest(transaction.Connection, scratch.DefinitionId)!,
            branch is null
                ? $"Proposed. The rules come from a folder: download the changed file from /api/workflows/proposals/{proposal.Id}/file and put it to {proposal.Path}."
                : $"Proposed on the branch {branch}. It comes into force once that branch is merged.");
    }

    private static void Close(Transaction transaction, DefinitionVersion scratch)
    {
        DefinitionStore.Update(transaction, scratch);
        EditStore.Release(transaction, scratch.DefinitionId);
    }
}
