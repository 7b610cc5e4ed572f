using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Workflows;

/// <summary>Somebody's right to change a definition, for as long as it is used.</summary>
/// <param name="DraftId">The version that the changes go to.</param>
/// <param name="Until">When it ends by the real clock unless something is saved before.</param>
public sealed record EditLock(string DefinitionId, string Holder, string DraftId, DateTimeOffset Until);

/// <summary>What somebody wanted to save and could not, kept for that person.</summary>
public sealed record KeptDraft(string Id, string DefinitionId, string By, DateTimeOffset At, string Reason, string Body);

/// <summary>A change of an authored definition that somebody proposed.</summary>
/// <param name="Path">The file in the rules source.</param>
/// <param name="Branch">The branch that holds it; null where the rules come from a folder.</param>
public sealed record ChangeProposal(string Id, string DefinitionId, string By, DateTimeOffset At, string Path, string Body, string? Branch);

/// <summary>The rows of edit locks, kept drafts and proposals.</summary>
public static class EditStore
{
    private const string Kept = "id as Id, definition_id as DefinitionId, kept_by as Actor, kept_at as At, reason as Reason, body as Body";
    private const string Proposed = "id as Id, definition_id as DefinitionId, proposed_by as Actor, proposed_at as At, path as Path, body as Body, branch as Branch";

    /// <summary>The lock of a definition; null where none is held at that time.</summary>
    public static EditLock? Lock(DbConnection connection, string definitionId, DateTimeOffset now) =>
        connection.QuerySingleOrDefault<Row>(
            "select definition_id as DefinitionId, holder as Actor, draft_id as Id, until as At from workflow_edit where definition_id = @definitionId and until > @Now",
            new { definitionId, Now = now.ToMicros() }) is { } row
            ? new EditLock(row.DefinitionId, row.Actor, row.Id, row.At.ToInstant())
            : null;

    public static void Take(Transaction transaction, EditLock edit) =>
        transaction.Execute(
            """
            insert into workflow_edit (definition_id, holder, draft_id, until) values (@DefinitionId, @Holder, @DraftId, @Until)
            on conflict (definition_id) do update set holder = excluded.holder, draft_id = excluded.draft_id, until = excluded.until
            """,
            new { edit.DefinitionId, edit.Holder, edit.DraftId, Until = edit.Until.ToMicros() });

    public static void Release(Transaction transaction, string definitionId) =>
        transaction.Execute("delete from workflow_edit where definition_id = @definitionId", new { definitionId });

    public static void Keep(Transaction transaction, KeptDraft draft) =>
        transaction.Execute(
            "insert into workflow_kept_draft (id, definition_id, kept_by, kept_at, reason, body) values (@Id, @DefinitionId, @By, @At, @Reason, @Body)",
            new { draft.Id, draft.DefinitionId, draft.By, At = draft.At.ToMicros(), draft.Reason, draft.Body });

    public static KeptDraft? FindKept(DbConnection connection, string id) =>
        connection.QuerySingleOrDefault<Row>($"select {Kept} from workflow_kept_draft where id = @id", new { id })?.ToKept();

    /// <summary>What is kept for a person, newest first.</summary>
    public static IReadOnlyList<KeptDraft> KeptFor(DbConnection connection, string by, int limit) =>
        connection.Query<Row>($"select {Kept} from workflow_kept_draft where kept_by = @by order by kept_at desc, id desc limit @limit", new { by, limit }).Select(row => row.ToKept()).ToList();

    public static void Propose(Transaction transaction, ChangeProposal proposal) =>
        transaction.Execute(
            "insert into workflow_proposal (id, definition_id, proposed_by, proposed_at, path, body, branch) values (@Id, @DefinitionId, @By, @At, @Path, @Body, @Branch)",
            new { proposal.Id, proposal.DefinitionId, proposal.By, At = proposal.At.ToMicros(), proposal.Path, proposal.Body, proposal.Branch });

    public static ChangeProposal? FindProposal(DbConnection connection, string id) =>
        connection.QuerySingleOrDefault<Row>($"select {Proposed} from workflow_proposal where id = @id", new { id })?.ToProposal();

    /// <summary>Proposals, newest first.</summary>
    public static IReadOnlyList<ChangeProposal> Proposals(DbConnection connection, int limit) =>
        connection.Query<Row>($"select {Proposed} from workflow_proposal order by proposed_at desc, id desc limit @limit", new { limit }).Select(row => row.ToProposal()).ToList();

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string DefinitionId { get; init; } = "";
        public string Actor { get; init; } = "";
        public long At { get; init; }
        public string Reason { get; init; } = "";
        public string Path { get; init; } = "";
        public string Body { get; init; } = "";
        public string? Branch { get; init; }

        public KeptDraft ToKept() => new(Id, DefinitionId, Actor, At.ToInstant(), Reason, Body);

        public ChangeProposal ToProposal() => new(Id, DefinitionId, Actor, At.ToInstant(), Path, Body, Branch);
    }
}
