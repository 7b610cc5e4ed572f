using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Orchestrator.EndToEnd.Tests.Elsa;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.EndToEnd.Tests.Access;

public sealed class ModelScopeTests(TwoModels server) : IClassFixture<TwoModels>
{
    private static readonly ImmutableArray<Role> _all = [.. Enum.GetValues<Role>()];

    /// <summary>What each endpoint is about, by hand; those that need no key are left out.</summary>
    private static readonly Dictionary<string, string[]> _scopes = new(StringComparer.Ordinal)
    {
        ["shown"] =
        [
            "GET /openapi/{documentName}.json", "GET /api/status", "GET /api/events", "GET /api/findings", "GET /api/fixes", "GET /api/kill-switch", "GET /api/datasets", "GET /api/models",
            "GET /api/monitors", "GET /api/rules", "GET /api/rules/alerts", "GET /api/workflows", "GET /api/workflows/instances", "GET /api/workflows/drafts", "GET /api/workflows/drafts/{id}",
            "GET /api/workflows/proposals", "GET /api/workflows/proposals/{id}/file", "GET /api/series/query", "GET /api/v1/query", "POST /api/v1/query", "GET /api/v1/query_range",
            "POST /api/v1/query_range", "GET /api/v1/series", "POST /api/v1/series", "GET /api/v1/labels", "POST /api/v1/labels", "GET /api/v1/label/{name}/values", "GET /api/v1/metadata",
            "GET /api/v1/rules", "GET /api/v1/alerts", "GET /api/v1/status/buildinfo", "GET /api/labels/queues", "GET /api/labels/next", "POST /api/labels/answer", "POST /api/labels/answers",
            "POST /api/labels/skip", "GET /api/keys/mine", "POST /api/session/confirm", "DELETE /api/session", "GET /elsa/api/descriptors/activities",
            "GET /elsa/api/descriptors/expression-descriptors", "GET /elsa/api/descriptors/workflow-activation-strategies", "GET /elsa/api/descriptors/incident-strategies",
            "GET /elsa/api/descriptors/log-persistence-strategies", "GET /elsa/api/descriptors/commit-strategies/workflows", "GET /elsa/api/descriptors/commit-strategies/activities",
            "GET /elsa/api/descriptors/storage-drivers", "GET /elsa/api/descriptors/variables", "GET /elsa/api/descriptors/output-converters",
            "POST /elsa/api/descriptors/activities/{type}/options/{property}", "GET /elsa/api/features/installed", "GET /elsa/api/workflow-definitions",
            "GET /elsa/api/workflow-definitions/validation/is-name-unique", "POST /elsa/api/workflow-definitions", "POST /elsa/api/workflow-instances", "POST /elsa/api/activity-executions/report",
            "ANY /elsa/hubs/workflow-instance/negotiate", "ANY /elsa/hubs/workflow-instance",
        ],
        ["everywhere"] =
        [
            "PUT /api/kill-switch", "POST /api/rules/backtest", "POST /api/rules/{name}/backtest", "GET /api/revisions", "GET /api/revisions/history", "GET /api/revisions/{id}", "GET /api/revisions/{id}/difference", "POST /api/revisions/sync",
            "POST /api/revisions/accept", "GET /api/effects", "POST /api/effects/retry", "GET /api/policy-reports", "POST /api/targets/{name}/test", "GET /api/audit", "GET /api/audit/check", "GET /api/keys", "POST /api/keys",
            "DELETE /api/keys/{id}", "POST /elsa/api/workflow-definitions/import", "DELETE /elsa/api/workflow-definition-versions/{id}",
            "POST /elsa/api/bulk-actions/delete/workflow-definitions/by-definition-id", "POST /elsa/api/bulk-actions/publish/workflow-definitions/by-definition-ids",
            "POST /elsa/api/bulk-actions/retract/workflow-definitions/by-definition-ids",
        ],
        ["finding"] = ["GET /api/findings/{id}", "POST /api/findings/{id}/reset"],
        ["fix"] =
        [
            "GET /api/fixes/{id}", "GET /api/fixes/{id}/export", "GET /api/fixes/{id}/export/dataset", "POST /api/fixes/{id}/applied/dataset", "POST /api/fixes/{id}/applied/model",
            "POST /api/fixes/{id}/approve", "GET /api/fixes/{id}/patch", "GET /api/fixes/{id}/changes", "POST /api/fixes/{id}/patch/approve", "POST /api/fixes/{id}/reject", "POST /api/fixes/{id}/cancel",
            "GET /api/fixes/{id}/edit", "POST /api/fixes/{id}/edit", "DELETE /api/fixes/{id}/edit",
        ],
        ["dataset"] =
        [
            "GET /api/datasets/{name}", "GET /api/datasets/{name}/rows", "GET /api/datasets/{name}/difference", "GET /api/datasets/{name}/drift", "GET /api/datasets/{name}/map", "GET /api/datasets/{name}/map/row",
            "GET /api/datasets/{name}/predictions", "POST /api/datasets/{name}/map/selection", "POST /api/datasets/{name}/rows", "POST /api/datasets/{name}/labels",
        ],
        ["model"] =
        [
            "GET /api/models/{name}", "POST /api/models/{name}/rollback", "POST /api/models/{name}/files", "POST /api/models/{name}/versions", "POST /api/models/{name}/gate",
            "POST /api/models/{name}/promote",
        ],
        ["monitor"] = ["POST /api/monitors/{name}/measure"],
        ["rule"] = ["GET /api/rules/{name}/explanation"],
        ["label queue"] = ["GET /api/labels/queues/{id}"],
        ["workflow instance"] =
        [
            "GET /api/workflows/instances/{id}", "GET /elsa/api/workflow-instances/{id}", "GET /elsa/api/workflow-instances/{id}/variables", "GET /elsa/api/workflow-instances/{id}/execution-state",
            "DELETE /elsa/api/workflow-instances/{id}", "POST /elsa/api/cancel/workflow-instances/{id}", "POST /elsa/api/workflow-instances/{id}/journal", "GET /elsa/api/activity-executions/list",
            "GET /elsa/api/activity-execution-summaries/list",
        ],
        ["activity execution"] = ["GET /elsa/api/activity-executions/by-id", "GET /elsa/api/activity-executions/{id}/call-stack"],
        ["workflow definition"] =
        [
            "GET /api/workflows/{name}", "GET /api/workflows/{name}/edit", "POST /api/workflows/{name}/edit", "DELETE /api/workflows/{name}/edit",
            "GET /elsa/api/workflow-definitions/by-definition-id/{id}", "GET /elsa/api/workflow-definitions/by-id/{id}", "GET /elsa/api/workflow-definitions/{id}/export",
            "POST /elsa/api/workflow-definitions/{id}/publish", "POST /elsa/api/workflow-definitions/{id}/retract", "POST /elsa/api/workflow-definitions/{id}/revert/{version:int}",
            "DELETE /elsa/api/workflow-definitions/{id}", "POST /elsa/api/workflow-definitions/{id}/execute",
        ],
    };

    /// <summary>The id of a thing of each kind, by the model that it belongs to.</summary>
    private static readonly Dictionary<string, Func<string, string>> _ids = new(StringComparer.Ordinal)
    {
        ["finding"] = model => $"f{model}",
        ["fix"] = model => $"f{model}-1",
        ["dataset"] = model => $"{model}-train",
        ["model"] = model => model,
        ["monitor"] = model => model,
        ["rule"] = model => $"Few{model}",
        ["label queue"] = model => $"q{model}",
        ["workflow instance"] = model => $"i{model}",
        ["activity execution"] = model => $"i{model}~1",
        ["workflow definition"] = model => $"fix-f{model}-1",
    };

    [Fact]
    public void The_table_says_of_every_endpoint_what_it_is_about()
    {
        var served = Endpoints().SelectMany(endpoint => Methods(endpoint).Select(method => $"{endpoint.Metadata.GetMetadata<NeededRole>()!.About.Name}: {method} {Route(endpoint)}"));
        Assert.Equal(_scopes.SelectMany(scope => scope.Value.Select(route => $"{scope.Key}: {route}")).Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_belongs_to_another_model_is_as_if_it_were_not_there_whatever_is_asked_of_it()
    {
        using var alpha = await server.OfModelAsync("alpha", _all);
        foreach (var (scope, route) in _ids.Keys.SelectMany(scope => _scopes[scope].Select(route => (scope, route))))
        {
            var (status, text) = await AskAsync(alpha, route, _ids[scope]("beta"));
            var (absent, word) = await AskAsync(alpha, route, scope == "workflow definition" ? "fix-nobody" : "nobody");
            Assert.True(status == HttpStatusCode.NotFound, $"{route} gave {status}");
            Assert.Equal((absent, word.Replace(scope == "workflow definition" ? "fix-nobody" : "nobody", _ids[scope]("beta"), StringComparison.Ordinal)), (status, text));
        }
    }

    [Fact]
    public async Task What_is_the_whole_servers_takes_a_role_for_every_model()
    {
        using var alpha = await server.OfModelAsync("alpha", _all);
        foreach (var route in _scopes["everywhere"])
        {
            var (status, text) = await AskAsync(alpha, route, "nobody");
            Assert.True(status == HttpStatusCode.Forbidden, $"{route} gave {status}: {text}");
        }
    }

    [Fact]
    public async Task No_list_and_no_search_tells_of_another_model()
    {
        using var alpha = await server.OfModelAsync("alpha", _all);
        using var admin = await server.AsAsync("root", [Role.Admin], Actor.NoModels);
        var told = new HashSet<string>();
        foreach (var route in _scopes["shown"].Where(route => route.StartsWith("GET", StringComparison.Ordinal) && !route.Contains("events", StringComparison.Ordinal) && !route.Contains("openapi", StringComparison.Ordinal)).Concat(Searches))
        {
            var (_, text) = await AskAsync(alpha, route, "nobody");
            Assert.False(text.Contains("beta", StringComparison.Ordinal), $"{route} gave {text}");
            var (_, everything) = await AskAsync(admin, route, "nobody");
            if (everything.Contains("beta", StringComparison.Ordinal))
            {
                told.Add(route);
            }
        }

        // Else the lists were empty, and the test would say nothing.
        Assert.Subset(told, new HashSet<string>(["GET /api/findings", "GET /api/fixes", "GET /api/monitors", "GET /api/rules", "GET /api/workflows/instances", "GET /api/labels/queues", "GET /api/labels/next", "GET /api/v1/rules"]));
    }

    [Fact]
    public async Task Numbers_count_only_what_is_seen()
    {
        using var alpha = await server.OfModelAsync("alpha", Role.Viewer);
        using var admin = await server.AsAsync("root", [Role.Admin], Actor.NoModels);
        var (seen, all) = (await alpha.JsonAsync("/api/status"), await admin.JsonAsync("/api/status"));
        foreach (var number in new[] { "open_findings", "open_fixes", "fixes_waiting", "open_label_tasks" })
        {
            Assert.True(seen.GetProperty(number).GetInt32() * 2 == all.GetProperty(number).GetInt32(), $"{number}: {seen} of {all}");
        }
    }

    [Fact]
    public async Task Bodies_that_name_things_of_another_model_change_and_tell_nothing()
    {
        using var alpha = await server.OfModelAsync("alpha", _all);
        using var admin = await server.AsAsync("root", [Role.Admin], Actor.NoModels);
        using var answer = await alpha.PostAsync("/api/labels/answer", new { task = "qbeta:0", label = "a" });
        Assert.Equal("The answer was not taken: there is no label task qbeta:0.", (await Caller.ProblemAsync(answer)).Detail);
        using var answers = await alpha.PostAsync("/api/labels/answers", """[{"task": "qbeta:0", "label": "a"}]""");
        Assert.Equal("there is no label task qbeta:0", (await Caller.JsonAsync(answers))[0].GetProperty("refusal").GetString());
        using var skip = await alpha.PostAsync("/api/labels/skip", new { task = "qbeta:0" });
        Assert.Equal(HttpStatusCode.Conflict, skip.StatusCode);
        using var report = await alpha.PostAsync("/elsa/api/activity-executions/report", new { workflowInstanceId = "ibeta" });
        Assert.Equal(HttpStatusCode.NotFound, report.StatusCode);

        var plan = await DesignerServer.OpenAsync(admin, "fix-fbeta-1");
        using var save = await DesignerServer.SaveAsync(alpha, plan, publish: true);
        Assert.Equal(HttpStatusCode.Forbidden, save.StatusCode);
        var disguised = (JsonObject)plan.DeepClone();
        disguised["definitionId"] = "fix-falpha-1";
        using var second = await DesignerServer.SaveAsync(alpha, disguised, publish: true);
        Assert.Equal(HttpStatusCode.Forbidden, second.StatusCode);
        Assert.Equal("open", (await admin.JsonAsync("/api/labels/queues/qbeta")).GetProperty("tasks")[0].GetProperty("state").GetString());
        Assert.Equal(1, (await admin.JsonAsync("/api/fixes/fbeta-1")).GetProperty("fix").GetProperty("plan_number").GetInt32());
    }

    [Fact]
    public async Task A_person_approves_for_one_model_and_only_looks_at_the_other()
    {
        using var ann = await server.AsAsync("ann@example.org", [], Actor.NoModels.Add("alpha", [Role.Approver]).Add("beta", [Role.Viewer]));
        using var own = await ann.PostAsync("/api/fixes/falpha-1/approve", new { plan_sha256 = "of another plan" });
        Assert.Equal(HttpStatusCode.Conflict, own.StatusCode);
        using var others = await ann.PostAsync("/api/fixes/fbeta-1/approve", new { plan_sha256 = server.Node.Database.Read(connection => FixStore.Find(connection, "fbeta-1"))!.Plan!.Sha256 });
        var (status, detail, _) = await Caller.ProblemAsync(others);
        Assert.Equal((403, "This needs the role approver for the model beta; ann@example.org has approver for alpha; viewer for beta."), (status, detail));
        Assert.Equal("proposed", (await ann.JsonAsync("/api/fixes/fbeta-1")).GetProperty("fix").GetProperty("state").GetString());
        using var promote = await ann.PostAsync("/api/models/alpha/promote", new { version = "alpha-1", reason = "test" });
        Assert.Equal(HttpStatusCode.Forbidden, promote.StatusCode);
    }

    [Fact]
    public async Task Versions_of_another_model_are_not_moved_by_naming_ones_own()
    {
        using var alpha = await server.OfModelAsync("alpha", _all);
        using var promote = await alpha.PostAsync("/api/models/alpha/promote", new { version = "beta-1", reason = "test", override_gate = true });
        using var gate = await alpha.PostAsync("/api/models/alpha/gate", new { version = "beta-1" });
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity), (promote.StatusCode, gate.StatusCode));
    }

    [Fact]
    public async Task Ones_own_model_is_there_with_everything_that_belongs_to_it()
    {
        using var alpha = await server.OfModelAsync("alpha", Role.Viewer);
        foreach (var path in new[] { "/api/findings/falpha", "/api/fixes/falpha-1", "/api/labels/queues/qalpha", "/api/workflows/instances/ialpha", "/api/rules/Fewalpha/explanation", "/elsa/api/workflow-definitions/by-definition-id/fix-falpha-1", "/elsa/api/workflow-instances/ialpha", "/api/workflows/relabel-rebuild-retrain" })
        {
            using var answer = await alpha.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} gave {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Series_of_another_model_are_not_in_any_answer()
    {
        using var alpha = await server.OfModelAsync("alpha", Role.Viewer);
        using var admin = await server.AsAsync("root", [Role.Admin], Actor.NoModels);
        foreach (var monitor in new[] { "alpha", "beta" })
        {
            using var measured = await admin.PostAsync($"/api/monitors/{monitor}/measure", "{}");
            Assert.Equal(HttpStatusCode.OK, measured.StatusCode);
        }

        foreach (var query in new[] { "data_rows", "sum(data_rows)", "{__name__=~\".+\"}", "data_rows{model=\"beta\"}" })
        {
            var path = $"/api/series/query?query={Uri.EscapeDataString(query)}";
            Assert.DoesNotContain("beta", await alpha.TextAsync(path), StringComparison.Ordinal);
        }

        Assert.Contains("beta", await admin.TextAsync("/api/series/query?query=data_rows"), StringComparison.Ordinal);
        Assert.Contains("\"alpha\"", await alpha.TextAsync("/api/v1/label/model/values"), StringComparison.Ordinal);
        Assert.DoesNotContain("beta", await alpha.TextAsync("/api/v1/label/model/values"), StringComparison.Ordinal);
    }

    /// <summary>Lists that are asked for things by name.</summary>
    private static readonly string[] Searches =
    [
        "GET /api/labels/next?queue=qbeta", "GET /elsa/api/workflow-definitions?versionOptions=AllVersions&DefinitionIds=fix-fbeta-1", "GET /elsa/api/workflow-definitions?Ids=run-ibeta",
        "GET /elsa/api/workflow-definitions?Ids=fix-fbeta-1@1", "POST /elsa/api/workflow-instances", "GET /api/v1/series?match[]=data_rows", "GET /api/series/query?query=data_rows",
    ];

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(Caller caller, string row, string id)
    {
        var (method, route) = (row.Split(' ')[0], row.Split(' ')[1]);
        var path = route.Replace("{id}", id, StringComparison.Ordinal).Replace("{name}", id, StringComparison.Ordinal).Replace("{version:int}", "1", StringComparison.Ordinal);
        path += route.EndsWith("/by-id", StringComparison.Ordinal) ? $"?id={id}" : route.EndsWith("/list", StringComparison.Ordinal) ? $"?workflowInstanceId={id}" : "";
        var content = method is "POST" or "PUT" ? new StringContent("{}", Encoding.UTF8, "application/json") : null;
        using var answer = await caller.SendAsync(new HttpMethod(method), path, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private IEnumerable<RouteEndpoint> Endpoints() => server.Part<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<NeededRole>() is not null);

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"];

    private static string Route(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');
}
