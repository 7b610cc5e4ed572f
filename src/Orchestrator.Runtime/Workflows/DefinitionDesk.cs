using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Workflows;

/// <summary>Keeps what people make of definitions: one person at a time changes one, a published version never changes, and nothing that was sent is lost.</summary>
public sealed class DefinitionDesk(DefinitionLibrary library, FixRunner fixes, Clocks clocks)
{
    /// <summary>How long an edit lock is held after the last save.</summary>
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(20);

    private readonly Scratches _scratches = new(library, fixes, clocks);

    public DefinitionLibrary Library => library;

    /// <summary>What a person sees of a definition: the own scratch while it is being edited, else what everybody sees.</summary>
    public DefinitionVersion? SeenBy(DbConnection connection, string definitionId, string viewer) =>
        LockOf(connection, definitionId) is { } held && held.Holder == viewer && DefinitionStore.Find(connection, held.DraftId) is { IsScratch: true } scratch
            ? scratch
            : library.Newest(connection, definitionId);

    /// <summary>Whether what the person saves of this version would be kept.</summary>
    public bool MayChange(DbConnection connection, DefinitionVersion version, string person) => LockOf(connection, version.DefinitionId) is { } held
        ? held.Holder == person && (version.Origin == DefinitionOrigin.Own ? version.IsLatest : held.DraftId == version.Id)
        : version is { Origin: DefinitionOrigin.Own, IsLatest: true, State: not VersionState.Deleted };

    public EditLock? LockOf(DbConnection connection, string definitionId) => EditStore.Lock(connection, definitionId, clocks.Real.GetUtcNow());

    /// <summary>Begins to edit a fix's plan or an authored definition, or goes on with it.</summary>
    public SaveOutcome Begin(Transaction transaction, string definitionId, string by) => _scratches.Begin(transaction, definitionId, by);

    /// <summary>Gives up what is being edited; the scratch stays kept. False where the person edits nothing of the kind.</summary>
    public bool GiveUp(Transaction transaction, string definitionId, string by) => _scratches.GiveUp(transaction, definitionId, by);

    /// <summary>The file that publishing this would propose; null where it would be refused, or would propose nothing.</summary>
    public ProposedFile? ToPropose(DbConnection connection, DefinitionSave save) =>
        LockOf(connection, save.DefinitionId) is { } held && held.Holder == save.By && held.DraftId == save.VersionId
        && DefinitionStore.Find(connection, held.DraftId) is { Origin: DefinitionOrigin.Authored, IsScratch: true } scratch
        && WorkflowDefinition.Read("", save.Body).Definition is { CanStart: true } edited
            ? new ProposedFile(library.PathOf(scratch.DefinitionId), AuthoredText.Of(scratch, edited), $"workflows: change {scratch.DefinitionId}", save.By, clocks.Now)
            : null;

    /// <param name="branch">The branch that holds the proposal; null where the rules come from a folder, or where nothing is proposed.</param>
    public SaveOutcome Save(Transaction transaction, DefinitionSave save, string? branch)
    {
        var before = save.VersionId is { } id ? library.ById(transaction.Connection, id) : null;
        var (definition, problems) = DraftCheck.Read(save, before?.Body);
        if (definition is null || !problems.IsEmpty)
        {
            return new SaveOutcome.Invalid(problems);
        }

        var newest = save.DefinitionId.Length > 0 ? library.Newest(transaction.Connection, save.DefinitionId) : null;
        return newest switch
        {
            null => Create(transaction, save, definition),
            _ when LockOf(transaction.Connection, newest.DefinitionId) is { } held && held.Holder != save.By =>
                Keep(transaction, save, string.Create(CultureInfo.InvariantCulture, $"{held.Holder} is editing it, until {held.Until:HH:mm} UTC at the least")),
            { Origin: DefinitionOrigin.Own } => SaveOwn(transaction, save, (newest, definition)),
            _ => _scratches.Save(transaction, save, (newest, definition), branch) is { } outcome ? outcome : Keep(transaction, save, "it is not being edited: choose Edit first"),
        };
    }

    /// <summary>Takes a published version back; it stays as it is and no longer runs. Null where none is published.</summary>
    public DefinitionVersion? Retract(Transaction transaction, string definitionId, string by)
    {
        if (library.Published(transaction.Connection, definitionId) is not { Origin: DefinitionOrigin.Own })
        {
            return null;
        }

        DefinitionStore.Move(transaction, definitionId, VersionState.Published, VersionState.Retired);
        AuditStore.Append(transaction, clocks.Now, by, "workflow.retracted", definitionId);
        return library.Newest(transaction.Connection, definitionId);
    }

    /// <summary>Makes an old version the newest again, as a draft. Null where there is no such version.</summary>
    public SaveOutcome? Revert(Transaction transaction, string definitionId, int version, string by) =>
        library.Versions(transaction.Connection, definitionId) is [{ Origin: DefinitionOrigin.Own } newest, ..] versions && versions.FirstOrDefault(known => known.Version == version) is { } old
            ? Save(transaction, new DefinitionSave(definitionId, newest.Id, old.Body, Publish: false, by), null)
            : null;

    /// <summary>Takes a definition off every list; its versions stay for the instances that ran them. False where it is not one of the designer's own.</summary>
    public bool Delete(Transaction transaction, string definitionId, string by)
    {
        if (library.Newest(transaction.Connection, definitionId) is not { Origin: DefinitionOrigin.Own } || LockOf(transaction.Connection, definitionId) is { } held && held.Holder != by)
        {
            return false;
        }

        foreach (var state in new[] { VersionState.Draft, VersionState.Published, VersionState.Retired })
        {
            DefinitionStore.Move(transaction, definitionId, state, VersionState.Deleted);
        }

        EditStore.Release(transaction, definitionId);
        AuditStore.Append(transaction, clocks.Now, by, "workflow.deleted", definitionId);
        return true;
    }

    private SaveOutcome.Saved Create(Transaction transaction, DefinitionSave save, WorkflowDefinition definition)
    {
        var definitionId = save.DefinitionId.Length > 0 ? save.DefinitionId : NewId(clocks)[16..];
        var last = DefinitionStore.LastVersion(transaction.Connection, definitionId);
        return Store(transaction, save, Next(definition, (definitionId, last + 1), save.By), isNew: true);
    }

    private SaveOutcome SaveOwn(Transaction transaction, DefinitionSave save, (DefinitionVersion Newest, WorkflowDefinition Definition) of)
    {
        var (newest, definition) = of;
        if (save.VersionId != newest.Id && !save.IsImport)
        {
            return Keep(transaction, save, string.Create(CultureInfo.InvariantCulture, $"it has gone on to version {newest.Version} since you opened it"));
        }

        var isSame = JsonNode.DeepEquals(JsonNode.Parse(newest.Body), JsonNode.Parse(definition.Json.GetRawText()));
        if (isSame && (!save.Publish || newest.IsPublished))
        {
            return new SaveOutcome.Saved(newest, Changed: false);
        }

        if (newest.State != VersionState.Draft)
        {
            var last = DefinitionStore.LastVersion(transaction.Connection, newest.DefinitionId);
            return Store(transaction, save, Next(definition, (newest.DefinitionId, last + 1), save.By), isNew: true);
        }

        return Store(transaction, save, newest with { Body = Named(definition, (newest.Id, newest.DefinitionId, newest.Version)), Name = NameOf(definition), ChangedAt = clocks.Now, ChangedBy = save.By }, isNew: false);
    }

    private SaveOutcome.Saved Store(Transaction transaction, DefinitionSave save, DefinitionVersion version, bool isNew)
    {
        if (save.Publish)
        {
            DefinitionStore.Move(transaction, version.DefinitionId, VersionState.Published, VersionState.Retired);
            EditStore.Release(transaction, version.DefinitionId);
            version = version with { State = VersionState.Published };
        }
        else
        {
            EditStore.Take(transaction, new EditLock(version.DefinitionId, save.By, version.Id, clocks.Real.GetUtcNow() + LockTime));
        }

        if (isNew)
        {
            DefinitionStore.Add(transaction, version);
        }
        else
        {
            DefinitionStore.Update(transaction, version);
        }

        Audit(transaction, save.Publish ? "workflow.published" : "workflow.saved", version, clocks);
        return new SaveOutcome.Saved(version);
    }

    private DefinitionVersion Next(WorkflowDefinition definition, (string DefinitionId, int Version) of, string by)
    {
        var id = NewId(clocks);
        return new DefinitionVersion(id, of.DefinitionId, of.Version, NameOf(definition), Named(definition, (id, of.DefinitionId, of.Version)), clocks.Now)
        {
            Origin = DefinitionOrigin.Own, State = VersionState.Draft, CreatedBy = by, ChangedBy = by, Description = definition.Description,
        };
    }

    private SaveOutcome.Refused Keep(Transaction transaction, DefinitionSave save, string reason)
    {
        var kept = new KeptDraft(NewId(clocks), save.DefinitionId, save.By, clocks.Now, reason, save.Body);
        EditStore.Keep(transaction, kept);
        AuditStore.Append(transaction, clocks.Now, save.By, "workflow.draft_kept", save.DefinitionId, new { draft = kept.Id, reason });
        return new SaveOutcome.Refused(reason, $"What you changed is kept as the draft {kept.Id}.", kept.Id);
    }

    internal static void Audit(Transaction transaction, string action, DefinitionVersion version, Clocks clocks) => AuditStore.Append(
        transaction, clocks.Now, version.ChangedBy, action, version.DefinitionId, new { version = version.Version, id = version.Id, sha256 = Core.Series.Digest.Of(version.Body) });

    internal static string NewId(Clocks clocks) => Guid.CreateVersion7(clocks.Real.GetUtcNow()).ToString("N");

    private static string NameOf(WorkflowDefinition definition) => definition.Name.Length > 0 ? definition.Name : "Without a name";

    private static string Named(WorkflowDefinition definition, (string Id, string DefinitionId, int Version) of) =>
        definition.With(("id", JsonSerializer.SerializeToElement(of.Id)), ("definitionId", JsonSerializer.SerializeToElement(of.DefinitionId)), ("version", JsonSerializer.SerializeToElement(of.Version))).Json.GetRawText();
}
