using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.EndToEnd.Tests.Access;

public sealed class RoleMatrixTests(LiveServer server) : IClassFixture<LiveServer>
{
    private const string Anybody = "";

    /// <summary>Of an endpoint that takes every method; it is asked by POST.</summary>
    private const string AnyMethod = "ANY";

    /// <summary>Every endpoint with the role that it needs, by hand.</summary>
    public static readonly (string Method, string Route, string Role)[] Table =
    [
        ("GET", "/", Anybody),
        ("GET", "/findings", Anybody),
        ("GET", "/findings/{id}", Anybody),
        ("GET", "/fixes", Anybody),
        ("GET", "/fixes/{id}", Anybody),
        ("GET", "/labels", Anybody),
        ("GET", "/labels/{id}", Anybody),
        ("GET", "/datasets", Anybody),
        ("GET", "/datasets/{name}", Anybody),
        ("GET", "/models", Anybody),
        ("GET", "/models/{name}", Anybody),
        ("GET", "/rules", Anybody),
        ("GET", "/workflows", Anybody),
        ("GET", "/workflows/definitions/{id}", Anybody),
        ("GET", "/workflows/instances/{id}", Anybody),
        ("GET", "/audit", Anybody),
        ("GET", "/settings", Anybody),
        ("GET", "/signed-in", Anybody),
        ("GET", "/icon.svg", Anybody),
        ("GET", "/assets/{file}", Anybody),
        ("GET", "/status", Anybody),
        ("GET", "/status.css", Anybody),
        ("GET", "/status.js", Anybody),
        ("GET", "/openapi/{documentName}.json", "viewer"),
        ("GET", "/api/status", "viewer"),
        ("GET", "/api/findings", "viewer"),
        ("GET", "/api/findings/{id}", "viewer"),
        ("POST", "/api/findings/{id}/reset", "approver"),
        ("GET", "/api/fixes", "viewer"),
        ("GET", "/api/fixes/{id}", "viewer"),
        ("GET", "/api/fixes/{id}/export", "viewer"),
        ("GET", "/api/fixes/{id}/export/dataset", "viewer"),
        ("POST", "/api/fixes/{id}/applied/dataset", "author"),
        ("POST", "/api/fixes/{id}/applied/model", "author"),
        ("POST", "/api/fixes/{id}/approve", "approver"),
        ("GET", "/api/fixes/{id}/patch", "viewer"),
        ("GET", "/api/fixes/{id}/changes", "viewer"),
        ("POST", "/api/fixes/{id}/patch/approve", "approver"),
        ("POST", "/api/fixes/{id}/reject", "approver"),
        ("POST", "/api/fixes/{id}/cancel", "approver"),
        ("GET", "/api/kill-switch", "viewer"),
        ("PUT", "/api/kill-switch", "admin"),
        ("GET", "/api/datasets", "viewer"),
        ("GET", "/api/datasets/{name}", "viewer"),
        ("GET", "/api/datasets/{name}/rows", "viewer"),
        ("GET", "/api/datasets/{name}/difference", "viewer"),
        ("GET", "/api/datasets/{name}/drift", "viewer"),
        ("GET", "/api/datasets/{name}/map", "viewer"),
        ("GET", "/api/datasets/{name}/map/row", "viewer"),
        ("POST", "/api/datasets/{name}/map/selection", "viewer"),
        ("GET", "/api/datasets/{name}/predictions", "viewer"),
        ("POST", "/api/datasets/{name}/rows", "pusher"),
        ("POST", "/api/datasets/{name}/labels", "pusher"),
        ("POST", "/api/callbacks/{id}", Anybody),
        ("GET", "/api/models", "viewer"),
        ("GET", "/api/models/{name}", "viewer"),
        ("POST", "/api/models/{name}/rollback", "admin"),
        ("POST", "/api/models/{name}/files", "author"),
        ("POST", "/api/models/{name}/versions", "author"),
        ("POST", "/api/models/{name}/gate", "author"),
        ("POST", "/api/models/{name}/promote", "admin"),
        ("GET", "/api/monitors", "viewer"),
        ("POST", "/api/monitors/{name}/measure", "author"),
        ("GET", "/api/rules", "viewer"),
        ("GET", "/api/rules/alerts", "viewer"),
        ("GET", "/api/rules/{name}/explanation", "viewer"),
        ("POST", "/api/rules/backtest", "author"),
        ("POST", "/api/rules/{name}/backtest", "author"),
        ("GET", "/api/workflows", "viewer"),
        ("GET", "/api/workflows/{name}", "viewer"),
        ("GET", "/api/workflows/instances", "viewer"),
        ("GET", "/api/workflows/instances/{id}", "viewer"),
        ("GET", "/api/revisions", "viewer"),
        ("GET", "/api/revisions/history", "viewer"),
        ("GET", "/api/revisions/{id}", "viewer"),
        ("GET", "/api/revisions/{id}/difference", "viewer"),
        ("POST", "/api/revisions/sync", "author"),
        ("POST", "/api/revisions/accept", "admin"),
        ("GET", "/api/series/query", "viewer"),
        ("GET", "/api/v1/query", "viewer"),
        ("POST", "/api/v1/query", "viewer"),
        ("GET", "/api/v1/query_range", "viewer"),
        ("POST", "/api/v1/query_range", "viewer"),
        ("GET", "/api/v1/series", "viewer"),
        ("POST", "/api/v1/series", "viewer"),
        ("GET", "/api/v1/labels", "viewer"),
        ("POST", "/api/v1/labels", "viewer"),
        ("GET", "/api/v1/label/{name}/values", "viewer"),
        ("GET", "/api/v1/metadata", "viewer"),
        ("GET", "/api/v1/rules", "viewer"),
        ("GET", "/api/v1/alerts", "viewer"),
        ("GET", "/api/v1/status/buildinfo", "viewer"),
        ("GET", "/api/labels/queues", "viewer"),
        ("GET", "/api/labels/queues/{id}", "viewer"),
        ("GET", "/api/labels/next", "labeler"),
        ("POST", "/api/labels/answer", "labeler"),
        ("POST", "/api/labels/answers", "labeler"),
        ("POST", "/api/labels/skip", "labeler"),
        ("GET", "/api/effects", "viewer"),
        ("POST", "/api/effects/retry", "admin"),
        ("POST", "/api/targets/{name}/test", "admin"),
        ("GET", "/api/audit", "viewer"),
        ("GET", "/api/audit/check", "viewer"),
        ("GET", "/api/keys", "admin"),
        ("POST", "/api/keys", "admin"),
        ("DELETE", "/api/keys/{id}", "admin"),
        ("GET", "/api/keys/mine", "viewer"),
        ("POST", "/api/session", Anybody),
        ("POST", "/api/policy-reports", Anybody),
        ("GET", "/api/policy-reports", "admin"),
        ("GET", "/api/session", Anybody),
        ("GET", "/api/session/ways", Anybody),
        ("GET", "/api/session/provider", Anybody),
        ("GET", "/api/session/provider/callback", Anybody),
        ("GET", "/api/events", "viewer"),
        ("POST", "/api/session/confirm", "viewer"),
        ("DELETE", "/api/session", "viewer"),
        ("GET", "/api/fixes/{id}/edit", "viewer"),
        ("POST", "/api/fixes/{id}/edit", "author"),
        ("DELETE", "/api/fixes/{id}/edit", "author"),
        ("GET", "/api/workflows/{name}/edit", "viewer"),
        ("POST", "/api/workflows/{name}/edit", "author"),
        ("DELETE", "/api/workflows/{name}/edit", "author"),
        ("GET", "/api/workflows/drafts", "author"),
        ("GET", "/api/workflows/drafts/{id}", "author"),
        ("GET", "/api/workflows/proposals", "viewer"),
        ("GET", "/api/workflows/proposals/{id}/file", "viewer"),
        ("GET", "/studio/definitions", Anybody),
        ("GET", "/studio/definitions/{id}", Anybody),
        ("GET", "/studio/instances", Anybody),
        ("GET", "/studio/instances/{id}", Anybody),
        ("GET", "/studio/3.8.2/definitions", Anybody),
        ("GET", "/studio/3.8.2/definitions/{id}", Anybody),
        ("GET", "/studio/3.8.2/instances", Anybody),
        ("GET", "/studio/3.8.2/instances/{id}", Anybody),
        ("GET", "/studio/3.8.2/workflows/definitions/{id}/edit", Anybody),
        ("GET", "/studio/3.8.2/diagnostics/structured-logs", Anybody),
        ("GET", "/workflows/definitions/{id}/edit", Anybody),
        ("GET", "/diagnostics/structured-logs", Anybody),
        ("GET", "/studio/{version}/{**path}", Anybody),
        ("HEAD", "/studio/{version}/{**path}", Anybody),
        ("GET", "/elsa/api/descriptors/activities", "viewer"),
        ("GET", "/elsa/api/descriptors/expression-descriptors", "viewer"),
        ("GET", "/elsa/api/descriptors/workflow-activation-strategies", "viewer"),
        ("GET", "/elsa/api/descriptors/incident-strategies", "viewer"),
        ("GET", "/elsa/api/descriptors/log-persistence-strategies", "viewer"),
        ("GET", "/elsa/api/descriptors/commit-strategies/workflows", "viewer"),
        ("GET", "/elsa/api/descriptors/commit-strategies/activities", "viewer"),
        ("GET", "/elsa/api/descriptors/storage-drivers", "viewer"),
        ("GET", "/elsa/api/descriptors/variables", "viewer"),
        ("GET", "/elsa/api/descriptors/output-converters", "viewer"),
        ("POST", "/elsa/api/descriptors/activities/{type}/options/{property}", "viewer"),
        ("GET", "/elsa/api/features/installed", "viewer"),
        ("GET", "/elsa/api/workflow-definitions", "viewer"),
        ("GET", "/elsa/api/workflow-definitions/validation/is-name-unique", "viewer"),
        ("GET", "/elsa/api/workflow-definitions/by-definition-id/{id}", "viewer"),
        ("GET", "/elsa/api/workflow-definitions/by-id/{id}", "viewer"),
        ("GET", "/elsa/api/workflow-definitions/{id}/export", "viewer"),
        ("POST", "/elsa/api/workflow-definitions", "author"),
        ("POST", "/elsa/api/workflow-definitions/import", "author"),
        ("POST", "/elsa/api/workflow-definitions/{id}/publish", "author"),
        ("POST", "/elsa/api/workflow-definitions/{id}/retract", "author"),
        ("POST", "/elsa/api/workflow-definitions/{id}/revert/{version:int}", "author"),
        ("DELETE", "/elsa/api/workflow-definitions/{id}", "author"),
        ("DELETE", "/elsa/api/workflow-definition-versions/{id}", "author"),
        ("POST", "/elsa/api/bulk-actions/delete/workflow-definitions/by-definition-id", "author"),
        ("POST", "/elsa/api/bulk-actions/publish/workflow-definitions/by-definition-ids", "author"),
        ("POST", "/elsa/api/bulk-actions/retract/workflow-definitions/by-definition-ids", "author"),
        ("POST", "/elsa/api/workflow-definitions/{id}/execute", "viewer"),
        ("POST", "/elsa/api/workflow-instances", "viewer"),
        ("GET", "/elsa/api/workflow-instances/{id}", "viewer"),
        ("GET", "/elsa/api/workflow-instances/{id}/variables", "viewer"),
        ("GET", "/elsa/api/workflow-instances/{id}/execution-state", "viewer"),
        ("DELETE", "/elsa/api/workflow-instances/{id}", "admin"),
        ("POST", "/elsa/api/cancel/workflow-instances/{id}", "approver"),
        ("POST", "/elsa/api/workflow-instances/{id}/journal", "viewer"),
        ("POST", "/elsa/api/activity-executions/report", "viewer"),
        ("GET", "/elsa/api/activity-executions/list", "viewer"),
        ("GET", "/elsa/api/activity-execution-summaries/list", "viewer"),
        ("GET", "/elsa/api/activity-executions/by-id", "viewer"),
        ("GET", "/elsa/api/activity-executions/{id}/call-stack", "viewer"),
        ("ANY", "/elsa/hubs/workflow-instance/negotiate", "viewer"),
        ("ANY", "/elsa/hubs/workflow-instance", "viewer"),
    ];

    /// <summary>What each role may do, by hand: a line is a key, a word a role that endpoints need.</summary>
    private static readonly Dictionary<Role, string[]> _may = new()
    {
        [Role.Viewer] = ["viewer"],
        [Role.Labeler] = ["viewer", "labeler"],
        [Role.Pusher] = ["viewer", "pusher"],
        [Role.Approver] = ["viewer", "approver"],
        [Role.Author] = ["viewer", "author"],
        [Role.Admin] = ["viewer", "labeler", "pusher", "approver", "author", "admin"],
    };

    public static TheoryData<Role> AllRoles => [.. Enum.GetValues<Role>()];

    [Fact]
    public void The_table_lists_every_endpoint_that_the_server_has()
    {
        var served = Endpoints().SelectMany(endpoint => Methods(endpoint).Select(method => $"{method} {Route(endpoint)}"));
        Assert.Equal(Table.Select(row => $"{row.Method} {row.Route}").Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_endpoint_declares_its_role_or_why_it_needs_none()
    {
        var silent = Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<NeededRole>() is null && endpoint.Metadata.GetMetadata<OpenToAll>() is null);
        Assert.Empty(silent.Select(Route));
    }

    [Theory]
    [MemberData(nameof(AllRoles))]
    public async Task A_role_reaches_what_the_table_gives_it_and_nothing_else(Role role)
    {
        using var client = await server.ClientOfAsync($"a {role}", role);
        foreach (var (method, route, needed) in Table)
        {
            var allowed = needed == Anybody || _may[role].Contains(needed);
            using var answer = await AskAsync(client, method, route);
            Assert.True(allowed == (answer.StatusCode != HttpStatusCode.Forbidden), $"{role}: {method} {route} gave {answer.StatusCode}");
            Assert.NotEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Without_a_key_only_what_is_open_to_all_is_given()
    {
        using var client = server.Client(null);
        foreach (var (method, route, needed) in Table)
        {
            using var answer = await AskAsync(client, method, route);
            Assert.True((needed == Anybody) == (answer.StatusCode != HttpStatusCode.Unauthorized), $"{method} {route} gave {answer.StatusCode}");
            Assert.True((int)answer.StatusCode < 500, $"{method} {route} gave {answer.StatusCode}");
        }
    }

    private static Task<HttpResponseMessage> AskAsync(Caller caller, string method, string route)
    {
        var path = route.Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{id}", "nobody", StringComparison.Ordinal)
            .Replace("{version}", "3.8.2", StringComparison.Ordinal).Replace("{**path}", "page.js", StringComparison.Ordinal).Replace("{version:int}", "1", StringComparison.Ordinal);
        var content = method is "POST" or "PUT" or AnyMethod ? new StringContent("{}", Encoding.UTF8, "application/json") : null;
        return caller.SendAsync(new HttpMethod(method == AnyMethod ? "POST" : method), path.Replace("{name}", "nobody", StringComparison.Ordinal), content);
    }

    private IEnumerable<RouteEndpoint> Endpoints() => server.Part<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>();

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [AnyMethod];

    private static string Route(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');
}
