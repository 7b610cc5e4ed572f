using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.Server.Access;

/// <summary>What moves a champion by hand is not open to a session alone, which anybody at an unlocked screen has: the person showed within the last minutes who he is.</summary>
internal static class Confirmation
{
    /// <summary>By this the page knows that showing it helps.</summary>
    private const string Mark = "confirm";

    public static RouteHandlerBuilder NeedsConfirmation(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            return http.User.Session() is { } session && !http.RequestServices.GetRequiredService<Sessions>().IsConfirmed(session)
                ? Refusal()
                : await next(context);
        });

    private static ProblemHttpResult Refusal()
    {
        var problem = Problems.Of(403, "The session alone does not open this.", "Show once more who you are.");
        problem.Extensions[Mark] = true;
        return TypedResults.Problem(problem);
    }
}
