using System.Data.Common;
using Dapper;

namespace Orchestrator.Runtime.Workflows;

/// <summary>Which instances are asked for, and which page of them.</summary>
public sealed record InstanceFilter(int Skip, int Take)
{
    /// <summary>Part of an id or of a definition's name; empty finds all.</summary>
    public string Search { get; init; } = "";

    /// <summary>Only instances of these definitions; empty finds all.</summary>
    public IReadOnlyList<string> Definitions { get; init; } = [];

    /// <summary>Only instances in these states.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>Only runs of fixes of these models; null finds all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>In the order of their last change, not of their start.</summary>
    public bool ByChange { get; init; }

    public bool IsAscending { get; init; }
}

/// <summary>Pages of instances.</summary>
public static class InstanceSearch
{
    private const string Where = """
        where status in @Statuses and (@AnyDefinition or definition_id in @Definitions)
        and (@Every or exists (select 1 from fix where fix.instance_id = workflow_instance.id and fix.model in @Models))
        and (@Search = '' or instr(lower(id), lower(@Search)) > 0 or instr(lower(definition_id), lower(@Search)) > 0)
        """;

    /// <summary>How many there are, and those of the page.</summary>
    public static (long Count, IReadOnlyList<StoredInstance> Instances) Page(DbConnection connection, InstanceFilter filter)
    {
        var parameters = new { filter.Statuses, filter.Definitions, AnyDefinition = filter.Definitions.Count == 0, filter.Search, filter.Skip, filter.Take, Every = filter.Models is null, Models = filter.Models ?? [] };
        var count = connection.ExecuteScalar<long>($"select count(*) from workflow_instance {Where}", parameters);
        var order = $"{(filter.ByChange ? "updated_at" : "created_at")} {(filter.IsAscending ? "asc" : "desc")}, id";
        var ids = connection.Query<string>($"select id from workflow_instance {Where} order by {order} limit @Take offset @Skip", parameters);
        return (count, [.. ids.Select(id => WorkflowStore.Find(connection, id)).OfType<StoredInstance>()]);
    }
}
