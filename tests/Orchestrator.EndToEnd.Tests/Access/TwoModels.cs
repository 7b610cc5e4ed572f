using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.EndToEnd.Tests.Elsa;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Server;

namespace Orchestrator.EndToEnd.Tests.Access;

/// <summary>A server with two models, <c>alpha</c> and <c>beta</c>, each with a monitor, a rule, a dataset, a finding, a proposed fix, a run and its label queue; what only beta has holds the word <see cref="Secret"/>.</summary>
public sealed class TwoModels : IAsyncLifetime
{
    public const string Secret = "only-of-beta";

    private ServerHost? _host;

    public TempFolder Folder { get; } = new();

    public Node Node => _host!.Node;

    public Uri Url => _host!.Url;

    public T Part<T>()
        where T : notnull => _host!.Parts.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        var config = TinySource.Write(Folder);
        Folder.Write("source/workflows/relabel-rebuild-retrain.json", await File.ReadAllTextAsync(Repository.File("workflows/relabel-rebuild-retrain.json")));
        foreach (var model in new[] { "alpha", "beta" })
        {
            Folder.Write($"data/{model}.csv", "id,x\nr1,1\n");
            Folder.Write($"source/rules/{model}.monitor.yaml", Monitor(model));
            Folder.Write($"source/rules/{model}.model.yaml", $"model: {model}\ntask: {{type: multiclass}}\nlabels: {{source: human}}\ntrain: {{runner: mlnet, dataset: {model}-train}}\nevaluate: {{dataset: {model}-test}}\n");
            Folder.Write($"source/rules/{model}.rules.yaml", Rules(model));
        }

        _host = await ServerHost.StartAsync(new ServerOptions(Folder["workspace"]) { Config = config, LogLevel = LogLevel.None, Works = false }, CancellationToken.None);
        Assert.True(Node.Revisions.Current?.Model("beta") is not null, string.Join('\n', Node.Database.Read(Runtime.Revisions.RevisionStore.LastAttempt)?.Diagnostics.Select(one => one.ToString()) ?? []));
        await FillAsync("alpha", "alpha");
        await FillAsync("beta", Secret);
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>A caller with every role for one model and none for any other.</summary>
    public Task<Caller> OfModelAsync(string model, params ImmutableArray<Role> roles) => AsAsync($"of {model}", [], ImmutableSortedDictionary<string, ImmutableArray<Role>>.Empty.Add(model, roles));

    public async Task<Caller> AsAsync(string name, ImmutableArray<Role> roles, ImmutableSortedDictionary<string, ImmutableArray<Role>> models)
    {
        var issued = await Part<KeyRing>().IssueAsync(new Actor(name, roles, models), "test", DateTimeOffset.UnixEpoch, CancellationToken.None);
        return new Caller(Url, issued.Text);
    }

    private static string Monitor(string model) => $$$"""
        monitor: {{{model}}}
        model: {{{model}}}
        every: 365d
        datasets:
          {{{model}}}-train: {connection: data, path: {{{model}}}.csv, split: train, roles: {id: id, features: [x]}}
          {{{model}}}-test: {connection: data, path: {{{model}}}.csv, split: test, roles: {id: id, features: [x]}}
        metrics: [data_rows]
        min_rows: 1
        """;

    private static string Rules(string model) => $$"""
        groups:
          - name: {{model}}
            model: {{model}}
            rules:
              - alert: Few{{model}}
                expr: data_rows{dataset="{{model}}-train"} < 11
                labels: {severity: warning}
                owner: team
        """;

    private async Task FillAsync(string model, string word)
    {
        var now = Node.Clocks.Now;
        var text = await File.ReadAllTextAsync(Repository.File("workflows/relabel-rebuild-retrain.json"));
        var definition = WorkflowDefinition.Read("relabel-rebuild-retrain.json", text).Definition!;
        var inputs = Values.Of(("model", model), ("dataset", $"{model}-train"), ("segment", word), ("label_budget", 5), ("ranking", "label_errors"));
        var bound = WorkflowInputs.Bind(definition, inputs.Where(input => definition.Inputs.Any(known => known.Name == input.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal));
        var plan = new FixPlan(
            $"f{model}", $"Few{model}", "revision", text, WorkflowProjection.Canonical(definition), bound.Values, new PlanEvidence([], null, ImmutableSortedDictionary<string, string>.Empty, null),
            new PatchLimits($"{model}-train", ["relabel"], 5, 5), new PredictedEffect("accuracy", 0.86, 0.96, "suggested labels"), word);
        var terms = new FixTerms("relabel-rebuild-retrain", AutoApprove: false, [], Author: null, TimeSpan.FromDays(3), Verification: null);
        var finding = new Finding($"f{model}", $"f{model}", model, $"Few{model}", Labels.Of([new("model", model), new("dataset", $"{model}-train")]), "revision", now) { Summary = word };
        var proposed = Fix.Evolve(null, new FixEvent.Opened($"f{model}-1", finding.Id, finding.Rule, model, model, terms) { At = now });
        var running = Fix.Evolve(Fix.Evolve(null, new FixEvent.Opened($"f{model}-2", finding.Id, finding.Rule, model, model + " too", terms) { At = now }), new FixEvent.Started($"i{model}") { At = now });
        var queue = new LabelQueue($"q{model}", $"{model}-train", "1", $"i{model}", $"labels:{model}", "open", 5, now, now.AddDays(1)) { Classes = ["a", "b"] };
        await Node.Database.WriteAsync(
            transaction =>
            {
                Node.Fixes.SetKillSwitch(transaction, on: true, "test", now);
                FindingStore.Save(transaction, finding);
                FixStore.Save(transaction, proposed, 0, 0);
                Node.Fixes.Handle(transaction, proposed.Id, new FixCommand.Propose(plan, "rule") { At = now }, "rule");
                FixStore.Save(transaction, running with { Plan = plan }, 0, 0);
                Node.Workflows.Start(transaction, $"i{model}", ElsaFiles.Small, Values.Empty, now);
                LabelStore.Open(transaction, queue, [new LabelTask($"q{model}:0", queue.Id, 0, "r1", "hash", "a", "b", 0.5, ImmutableSortedDictionary<string, string>.Empty.Add("text", word))]);
            },
            CancellationToken.None);
    }
}
