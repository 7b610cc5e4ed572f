namespace Orchestrator.Server.Elsa;

/// <summary>What a caller may do with a definition: without the link "publish" Studio opens it for reading only.</summary>
internal static class DefinitionLinks
{
    public static IReadOnlyList<ElsaLink> Of(string definitionId, bool mayPublish)
    {
        var path = $"/workflow-definitions/{Uri.EscapeDataString(definitionId)}";
        ElsaLink self = new(path, "self", "GET");
        return mayPublish ? [self, new(path + "/publish", "publish", "POST"), new(path + "/retract", "retract", "POST"), new(path, "delete", "DELETE")] : [self];
    }

    public static IReadOnlyList<ElsaLink> OfList(bool mayPublish) => mayPublish
        ? [new("/bulk-actions/publish/workflow-definitions/by-definition-ids", "bulk-publish", "POST"), new("/bulk-actions/delete/workflow-definitions/by-definition-id", "bulk-delete", "POST")]
        : [];
}
