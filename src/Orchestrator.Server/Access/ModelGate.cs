using Microsoft.AspNetCore.Mvc;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.Server.Access;

/// <summary>Holds callers whose roles hold for single models to those: what belongs to others is to them as if it were not there.</summary>
internal static class ModelGate
{
    public static IApplicationBuilder UseModelGate(this IApplicationBuilder app) => app.Use(next => context =>
        Objection(context) is { } problem ? Problems.WriteAsync(context, problem) : next(context));

    /// <summary>Whether the caller may do something to one thing, for endpoints that read from the body which one is meant.</summary>
    /// <remarks>What belongs to several models is seen by whoever sees one of them; changing it takes the role for all.</remarks>
    public static bool May(this Actor actor, Role role, Subject? subject) =>
        actor.May(role) || (subject is not null && (role == Role.Viewer ? subject.IsShared || subject.Models.Any(actor.Sees) : subject.Models.All(model => actor.MayFor(role, model))));

    private static ProblemDetails? Objection(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeededRole>() is not { About.Find: { } find } needed || context.User.Actor() is not { } actor || actor.May(needed.Role))
        {
            return null;
        }

        var id = context.GetRouteValue(needed.About.Key)?.ToString() ?? context.Request.Query[needed.About.Key].ToString();
        var node = context.RequestServices.GetRequiredService<Node>();
        if (node.Database.Read(connection => find(node, connection, id)) is not { } subject || !actor.May(Role.Viewer, subject))
        {
            return Problems.Of(404, $"There is no {needed.About.Name} \"{id}\".", $"See {needed.About.List} for those that exist.");
        }

        return actor.May(needed.Role, subject) ? null : Problems.Of(
            403, $"This needs the role {Roles.Word(needed.Role)} for {Words(actor, subject)}; {actor.Name} has {Roles.Words(actor)}.", "Ask an admin for that role.");
    }

    /// <summary>Models that the caller does not see are not named.</summary>
    private static string Words(Actor actor, Subject subject) => subject.Models.All(actor.Sees) ? string.Join(" and ", subject.Models.Select(model => $"the model {model}")) : "every model";
}
