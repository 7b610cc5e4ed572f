using System.Data.Common;
using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Runtime.Workflows;

/// <summary>Every workflow definition there is, wherever it comes from: made in the designer, authored, planned by a fix, run by an instance.</summary>
public sealed class DefinitionLibrary(InForce revisions)
{
    private const string FixPrefix = "fix-";
    private const string RunPrefix = "run-";

    /// <summary>The definition that a fix is in the designer.</summary>
    public static string OfFix(string fixId) => FixPrefix + fixId;

    /// <summary>The version that an instance ran.</summary>
    public static string OfInstance(string instanceId) => RunPrefix + instanceId;

    /// <summary>The fix that a definition, or one version of it, is the plan of; null where it is none.</summary>
    public static string? FixIdOf(string id) => id.StartsWith(FixPrefix, StringComparison.Ordinal) ? id[FixPrefix.Length..].Split('@')[0] : null;

    /// <summary>The definition that a kept version, such as a scratch, is of; null where none of this id is kept.</summary>
    public static string? KeptAs(DbConnection connection, string id) => DefinitionStore.Find(connection, id)?.DefinitionId;

    /// <summary>The instance whose version this is; null where it is none.</summary>
    public static string? InstanceIdOf(string id) => id.StartsWith(RunPrefix, StringComparison.Ordinal) ? id[RunPrefix.Length..] : null;

    /// <summary>The fix that a definition is the plan of; null where it is none.</summary>
    public static Fix? FixOf(DbConnection connection, string definitionId) =>
        definitionId.StartsWith(FixPrefix, StringComparison.Ordinal) ? FixStore.Find(connection, definitionId[FixPrefix.Length..]) : null;

    /// <summary>What everybody sees: the newest of own versions, the authored definition in force, the plan of a fix.</summary>
    public DefinitionVersion? Newest(DbConnection connection, string definitionId) =>
        FixOf(connection, definitionId) is { } fix ? Plan(fix)
        : revisions.Current?.Workflow(definitionId) is { } authored ? Authored(authored)
        : DefinitionStore.Versions(connection, definitionId) is [var newest, ..] ? newest
        : null;

    /// <summary>The version that would run; null where none is published.</summary>
    public DefinitionVersion? Published(DbConnection connection, string definitionId) =>
        Versions(connection, definitionId).FirstOrDefault(version => version.IsPublished);

    /// <summary>One version by its id, whatever became of it.</summary>
    public DefinitionVersion? ById(DbConnection connection, string id) =>
        DefinitionStore.Find(connection, id)
        ?? (id.StartsWith(RunPrefix, StringComparison.Ordinal) && WorkflowStore.Find(connection, id[RunPrefix.Length..]) is { } instance ? Run(instance) : null)
        ?? (id.LastIndexOf('@') is > 0 and var at && FixOf(connection, id[..at]) is { } fix ? Plans(connection, fix).FirstOrDefault(plan => plan.Id == id) : null)
        ?? AuthoredOnes().FirstOrDefault(version => version.Id == id);

    /// <summary>All versions of a definition, the newest first.</summary>
    public IReadOnlyList<DefinitionVersion> Versions(DbConnection connection, string definitionId) =>
        FixOf(connection, definitionId) is { } fix ? Plans(connection, fix)
        : revisions.Current?.Workflow(definitionId) is { } authored ? [Authored(authored)]
        : DefinitionStore.Versions(connection, definitionId);

    /// <summary>The newest version of every definition that is not a fix's: authored ones by name, then own ones, the last changed first.</summary>
    public IReadOnlyList<DefinitionVersion> All(DbConnection connection) => [.. AuthoredOnes(), .. DefinitionStore.Newest(connection)];

    /// <summary>The file of an authored definition, or the one that another definition would have.</summary>
    public string PathOf(string definitionId) => revisions.Current?.Workflow(definitionId)?.Path ?? $"workflows/{definitionId}.json";

    private IEnumerable<DefinitionVersion> AuthoredOnes() => revisions.Current?.Rules.Workflows.Values.Select(Authored) ?? [];

    private DefinitionVersion Authored(WorkflowDefinition definition) => new(
        definition.VersionId.Length > 0 && definition.VersionId != definition.DefinitionId ? definition.VersionId : $"{definition.DefinitionId}-{definition.Version.ToString(CultureInfo.InvariantCulture)}",
        definition.DefinitionId,
        definition.Version,
        definition.Name.Length > 0 ? definition.Name : definition.DefinitionId,
        definition.Json.GetRawText(),
        DateTimeOffset.UnixEpoch)
    {
        Origin = DefinitionOrigin.Authored, Description = definition.Description, CreatedBy = revisions.Current?.Author ?? "",
    };

    private static DefinitionVersion? Plan(Fix fix) => fix.Plan is { } plan ? Plan(fix, plan, fix.PlanNumber, fix.OpenedAt) : null;

    private static DefinitionVersion Plan(Fix fix, FixPlan plan, int number, DateTimeOffset at) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{FixPrefix}{fix.Id}@{number}"), OfFix(fix.Id), number, $"Fix of {fix.Rule}, plan {number}", ConcreteDefinition.Of(plan), at)
        {
            Origin = DefinitionOrigin.Fix, IsLatest = number == fix.PlanNumber, Description = plan.Undo, CreatedBy = fix.ProposedBy ?? "", Base = plan.Sha256,
        };

    private static List<DefinitionVersion> Plans(DbConnection connection, Fix fix)
    {
        var proposed = FixStore.History(connection, fix.Id).Select(entry => entry.Event).OfType<FixEvent.Proposed>();
        return [.. proposed.Select((plan, place) => Plan(fix, plan.Plan, place + 1, plan.At)).Reverse()];
    }

    private static DefinitionVersion? Run(StoredInstance instance)
    {
        var (definition, _) = WorkflowDefinition.Read(instance.Id, instance.Definition);
        return definition is null ? null : new DefinitionVersion(OfInstance(instance.Id), instance.DefinitionId, definition.Version, definition.Name, instance.Definition, instance.CreatedAt)
        {
            Origin = DefinitionOrigin.Run, Description = definition.Description, IsLatest = false,
        };
    }
}
