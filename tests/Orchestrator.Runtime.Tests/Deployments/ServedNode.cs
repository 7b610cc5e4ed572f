using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Deployments;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Tests.BadInput;
using Orchestrator.Runtime.Tests.Fixes;

namespace Orchestrator.Runtime.Tests.Deployments;

/// <summary>A node whose champion is pets-1 and whose one rule promotes pets-2, which passed the gate; serving is a hook and a log that the test writes.</summary>
internal static class ServedNode
{
    private const string Model = """
        model: pets
        task: multiclass
        labels: human
        train: {runner: mlnet, dataset: pets, parameters: {trainer: linear}}
        """;

    private const string Monitor = """
        monitor: pets
        model: pets
        every: 1h
        datasets:
          pets: {connection: data, path: pets.csv, split: train, roles: {id: id, label: kind, features: [x, y]}}
          served: {connection: data, path: served.csv, split: production, window: 1d, roles: {id: id, time: at, prediction: kind, model_version: version, features: [x]}}
        metrics: [data]
        """;

    private const string Rules = """
        groups:
          - name: pets
            interval: 1h
            model: pets
            rules:
              - alert: Better
                expr: data_rows{dataset="pets"} > 0
                then: {workflow: flow, approval: auto, cooldown: 30d}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="deploy">The model's <c>deploy</c>.</param>
    /// <param name="verify">The rule's verification, where there is one.</param>
    /// <param name="patience">How long the hook may take to answer.</param>
    public static async Task<TinyNode> OpenAsync(string url, string deploy, string verify, TimeSpan patience)
    {
        var tiny = new TinyNode { Patience = patience, Outside = $"hooks: {{serving: {{url: \"{url}\", secret_file: secrets/hook, allow_private: true}}}}" };
        tiny.Author("secrets/hook", "opensesame").Author("rules/pets.model.yaml", Model).Author("rules/pets.monitor.yaml", Monitor);
        tiny.Author("data/pets.csv", Pets.Rows(5, 5, 0, 1)).Served("pets-1", TinyNode.Start);
        await tiny.OpenAsync();
        var digest = await RegisterAsync(tiny, "one");
        Assert.IsType<ChampionOutcome.Moved>(await tiny.Node.Champions.PromoteAsync(new("first", "pets", "ann@example.org", "the first", TinyNode.Start), "pets-1", digest, Cancel));
        var better = await RegisterAsync(tiny, "two");
        await tiny.Node.Database.WriteAsync(tx => GateStore.Add(tx, new GateRecord("gate", "pets", "pets-2", better, "e", GateVerdict.Promote, "better", TinyNode.Start) { Champion = "pets-1" }), Cancel);

        tiny.Author("workflows/flow.json", SpineRig.Flow(("Orchestrator.Promote", new { model = "pets", challenger = "pets-2", digest = better })));
        tiny.Author("rules/pets.model.yaml", $"{Model}\ndeploy: {deploy}\n");
        tiny.Author("rules/pets.rules.yaml", Rules.Replace("cooldown: 30d", $"cooldown: 30d{verify}", StringComparison.Ordinal));
        var synced = await tiny.Node.Revisions.SyncAsync(Cancel);
        Assert.All(synced.Diagnostics, line => Assert.Matches("RULE11[78]", line)); // the rule is advised to name an owner and a verification
        return tiny;
    }

    /// <summary>The log of what is served: one row of a version at an instant.</summary>
    public static TinyNode Served(this TinyNode tiny, string version, DateTimeOffset at) =>
        tiny.Author("data/served.csv", $"id,at,kind,version,x\n1,{at:yyyy-MM-ddTHH:mm:ssZ},cat,{version},0\n");

    public static string? Champion(this TinyNode tiny) => tiny.Node.Database.Read(connection => ChampionStore.Champion(connection, "pets"));

    /// <summary>Newest first, as version and state.</summary>
    public static IEnumerable<(string?, DeploymentState)> Deployed(this TinyNode tiny) => tiny.Deployments().Select(one => (one.Version, one.State));

    public static IReadOnlyList<Deployment> Deployments(this TinyNode tiny) => tiny.Node.Database.Read(connection => DeploymentStore.List(connection, "pets"));

    /// <summary>Lets the back-off of so many attempts pass.</summary>
    public static async Task TryAgainAsync(this TinyNode tiny, int times)
    {
        for (var i = 0; i < times; i++)
        {
            tiny.Real.Advance(TimeSpan.FromSeconds(30));
            await tiny.SettleAsync();
        }
    }

    /// <summary>Does what is due up to the moment at which the hook is to be told.</summary>
    public static async Task UntilTellingAsync(this TinyNode tiny)
    {
        while (!tiny.Node.Database.Read(EffectStore.Open).Any(effect => effect.Kind == DeploymentEffect.KindName))
        {
            Assert.True(await tiny.Worker.RunNextAsync(Cancel) || await tiny.Node.RunDueAsync(Cancel));
        }
    }

    private static async Task<string> RegisterAsync(TinyNode tiny, string name)
    {
        var digest = await tiny.Node.Artifacts.PutTextAsync(name, Cancel);
        await tiny.Node.Database.WriteAsync(tx => ModelStore.Add(tx, new TrainedModel(name, "pets", digest, "pets", "v", "{}"), TinyNode.Start), Cancel);
        return digest;
    }
}
