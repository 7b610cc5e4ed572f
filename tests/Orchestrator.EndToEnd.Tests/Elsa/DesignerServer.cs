using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server;

namespace Orchestrator.EndToEnd.Tests.Elsa;

/// <summary>A server whose rules source holds every definition of this repository, as a folder.</summary>
public sealed class DesignerServer : IAsyncLifetime
{
    private ServerHost? _host;

    public TempFolder Folder { get; } = new();

    public Node Node => _host!.Node;

    public Uri Url => _host!.Url;

    public static IEnumerable<string> Definitions => Directory.EnumerateFiles(Repository.File("workflows"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        foreach (var name in Definitions)
        {
            Folder.Write($"source/workflows/{name}.json", await File.ReadAllTextAsync(Repository.File($"workflows/{name}.json")));
        }

        await StartAsync(port: 0);
    }

    /// <summary>Stops the server, does something meanwhile, and starts it where it was.</summary>
    public async Task RestartAsync(Func<Task> meanwhile)
    {
        var port = Url.Port;
        await _host!.DisposeAsync();
        await meanwhile();
        await StartAsync(port);
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        Folder.Dispose();
    }

    public async Task<Caller> AsAsync(string name, params ImmutableArray<Role> roles)
    {
        var issued = await _host!.Parts.GetRequiredService<KeyRing>().IssueAsync(name, roles, "test", DateTimeOffset.UnixEpoch, CancellationToken.None);
        return new Caller(Url, issued.Text);
    }

    /// <summary>A definition as Studio opens it.</summary>
    public static async Task<JsonObject> OpenAsync(Caller caller, string definition, string options = "Latest") =>
        JsonNode.Parse(await caller.TextAsync($"/elsa/api/workflow-definitions/by-definition-id/{definition}?versionOptions={options}"))!.AsObject();

    /// <summary>Saves as Studio does.</summary>
    public static Task<HttpResponseMessage> SaveAsync(Caller caller, JsonObject model, bool? publish) =>
        caller.PostAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = model.DeepClone(), ["publish"] = publish }.ToJsonString());

    /// <summary>Saves and expects it to be kept; the definition that came back.</summary>
    public static async Task<JsonObject> SavedAsync(Caller caller, JsonObject model, bool? publish)
    {
        using var answer = await SaveAsync(caller, model, publish);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["workflowDefinition"]!.AsObject();
    }

    public static bool MayPublish(JsonObject definition) => definition["links"]!.AsArray().Any(link => link!["rel"]!.ToString() == "publish");

    public static JsonObject Activity(JsonObject definition, string id) =>
        definition["root"]!["activities"]!.AsArray().Select(activity => activity!.AsObject()).Single(activity => activity["id"]!.ToString() == id);

    /// <summary>Puts a proposed fix into the database that would relabel rows; the kill switch keeps it from running.</summary>
    public async Task<string> ProposeAsync(string id)
    {
        var now = Node.Clocks.Now;
        var terms = new FixTerms("relabel-rebuild-retrain", AutoApprove: false, [], Author: null, TimeSpan.FromDays(3), Verification: null);
        var opened = Fix.Evolve(null, new FixEvent.Opened(id, id, "WrongLabels", "digits", id, terms) { At = now });
        var text = await File.ReadAllTextAsync(Repository.File("workflows/relabel-rebuild-retrain.json"), TestContext.Current.CancellationToken);
        var definition = WorkflowDefinition.Read("relabel-rebuild-retrain.json", text).Definition!;
        var inputs = Values.Of(("model", "digits"), ("dataset", "digits-train"), ("segment", "ink='q4'"), ("label_budget", 225), ("ranking", "label_errors"));
        var bound = WorkflowInputs.Bind(definition, inputs.Where(input => definition.Inputs.Any(known => known.Name == input.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal));
        Assert.Empty(bound.Problems);
        var plan = new FixPlan(
            id, "WrongLabels", "revision", text, WorkflowProjection.Canonical(definition), bound.Values, new PlanEvidence([], null, ImmutableSortedDictionary<string, string>.Empty, null),
            new PatchLimits("digits-train", ["relabel"], 225, 225), new PredictedEffect("accuracy", 0.86, 0.96, "suggested labels"), "last first");
        await Node.Database.WriteAsync(
            transaction =>
            {
                Node.Fixes.SetKillSwitch(transaction, on: true, "test", now);
                FindingStore.Save(transaction, new Finding(id, id, "tiny", "WrongLabels", Labels.Empty, "revision", now));
                FixStore.Save(transaction, opened, priority: 0, labelBudget: 0);
                Node.Fixes.Handle(transaction, id, new FixCommand.Propose(plan, "rule") { At = now }, "rule");
            },
            TestContext.Current.CancellationToken);
        return Node.Database.Read(connection => FixStore.Find(connection, id))!.Plan!.Sha256;
    }

    /// <summary>How many rows the plan of a fix asks for, in the draft of whoever is changing it.</summary>
    public async Task<string> BudgetAsync(string name, string fix)
    {
        using var caller = await AsAsync(name, Role.Author);
        return Activity(await OpenAsync(caller, $"fix-{fix}"), "find")["budget"]!["expression"]!["value"]!.ToString();
    }

    /// <summary>Ends every session, as time does.</summary>
    public Task EndSessionsAsync() =>
        Node.Database.WriteAsync(transaction => { transaction.Execute("update session set expires_at = 0"); }, TestContext.Current.CancellationToken);

    /// <summary>Runs what is ready until nothing is.</summary>
    public async Task DrainAsync() => await Node.DrainEffectsAsync(Node.Worker("test"), TestContext.Current.CancellationToken);

    private async Task StartAsync(int port) => _host = await ServerHost.StartAsync(
        new ServerOptions(Folder["workspace"]) { Config = TinySource.Write(Folder), Port = port, LogLevel = LogLevel.None }, CancellationToken.None);
}
