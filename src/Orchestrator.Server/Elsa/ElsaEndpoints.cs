using Microsoft.AspNetCore.Mvc;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>The part of Elsa's API that Studio 3.8.2 calls.</summary>
internal static class ElsaEndpoints
{
    /// <summary>What a definition may hold; the reader refuses larger ones in words.</summary>
    private const long LargestDefinition = 2 << 20;

    public static void AddElsa(this IServiceCollection services)
    {
        services.AddSignalR();
        services.AddSingleton<InstanceWatch>();
        services.AddHostedService<InstanceUpdates>();
    }

    public static void MapElsa(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/elsa/api").ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(LargestDefinition));
        api.MapDescriptors();
        api.MapDefinitions();
        api.MapDefinitionLists();
        api.MapSaves();
        api.MapBulk();
        api.MapRuns();
        api.MapInstances();
        api.MapExecutions();
        routes.MapHub<InstanceHub>("/elsa/hubs/workflow-instance").Needs(Role.Viewer, About.Shown);
    }
}
