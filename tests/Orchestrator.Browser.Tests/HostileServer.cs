using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server;

namespace Orchestrator.Browser.Tests;

/// <summary>A server into which somebody wrote what would run in a page that takes texts for markup, wherever a text of somebody's has a place.</summary>
public sealed class HostileServer : IAsyncLifetime
{
    /// <summary>The definition of the designer whose activities have the hostile texts as names and as inputs.</summary>
    public const string Definition = "hostile";

    /// <summary>Each sets <c>window.hit</c> where it runs; the last ones turn the direction of writing, or are very long.</summary>
    public static readonly ImmutableArray<string> Texts =
    [
        "<script>window.hit=1</script>", "\"><img src=x onerror=window.hit=1>", "'><svg onload=window.hit=1>", "<svg><script>window.hit=1</script></svg>", "javascript:window.hit=1",
        "<a href=\"javascript:window.hit=1\">look</a>", "<iframe srcdoc=\"<script>parent.hit=1</script>\"></iframe>", "<details open ontoggle=window.hit=1>", "<body onpageshow=window.hit=1>",
        "{{constructor.constructor('window.hit=1')()}}", "${window.hit=1}", "<style>@import 'https://example.org/x.css';</style>", "</title><script>window.hit=1</script>", "]]><script>window.hit=1</script>",
        "<math><mtext><mglyph><style><img title=\"</style><img src onerror=window.hit=1>\"></mtext></math>", "' onmouseover='window.hit=1' autofocus onfocus='window.hit=1", "data:text/html,<script>window.hit=1</script>",
        "%3Cscript%3Ewindow.hit=1%3C/script%3E", "\u202Egnp.exe\u202C", "\u2066\u2067\u2069", new('w', 10_000),
    ];

    /// <summary>A dataset whose ids, labels, predictions and cells are the texts.</summary>
    public const string Dataset = "hostile-rows";

    private const string Monitor = $$"""
        monitor: hostile
        every: 365d
        datasets:
          {{Dataset}}: {connection: data, path: hostile.csv, split: test, roles: {id: id, label: label, prediction: said, features: [x, word]} }
        metrics: [data_rows]
        """;

    private readonly TempFolder _folder = new();
    private ServerHost? _host;

    public Uri Url => _host!.Url;

    public string AdminKey => File.ReadAllText(_host!.AdminKeyFile).Trim();

    /// <summary>Names of what belongs to one of the texts.</summary>
    public static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"h{number:000}");

    public async ValueTask InitializeAsync()
    {
        var workflow = await File.ReadAllTextAsync(Repository.File("workflows/relabel-rebuild-retrain.json"));
        var config = TinySource.Write(_folder);
        _folder.Write("source/workflows/relabel-rebuild-retrain.json", Named(workflow, Texts[0]));
        _folder.Write("source/rules/hostile.monitor.yaml", Monitor);
        _folder.Write("data/hostile.csv", Rows());
        _host = await ServerHost.StartAsync(new ServerOptions(_folder["workspace"]) { Config = config, LogLevel = LogLevel.None, Works = false }, CancellationToken.None);
        await _host.Node.Database.WriteAsync(
            transaction =>
            {
                FiringStore.Add(transaction, "hostile", _host.Node.Clocks.Now, "revision");
                _host.Node.Fixes.SetKillSwitch(transaction, on: true, Texts[0], _host.Node.Clocks.Now);
                for (var number = 0; number < Texts.Length; number++)
                {
                    AddFix(transaction, number, workflow);
                    AddRows(transaction, number);
                    AddModel(transaction, number);
                }
            },
            CancellationToken.None);
        using var admin = new Caller(Url, AdminKey);
        await AddKeysAsync(admin);
        await AddDefinitionsAsync(admin);
        await _host.Node.Database.WriteAsync(transaction => { AuditStore.Append(transaction, _host.Node.Clocks.Now, Texts[0], Texts[0], Texts[0]); }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The first text is the commonest label, so that it has a look of its own.</summary>
    private static string Rows()
    {
        static string Cell(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        string Row(string word, string label, int x) => string.Create(CultureInfo.InvariantCulture, $"{Cell(word)},{x},{Cell(word)},{Cell(label)},{Cell(word)}\n");
        return "id,x,word,label,said\n" + string.Concat(Texts.Select((word, number) => Row(word, word, number) + Row($"{word} again", Texts[0], -number)));
    }

    /// <summary>An authored definition whose name and description are the text.</summary>
    private static string Named(string workflow, string word)
    {
        var definition = JsonNode.Parse(workflow)!;
        (definition["name"], definition["description"]) = (word, word);
        return definition.ToJsonString();
    }

    /// <summary>A finding with a fix; each other fix is rejected.</summary>
    private void AddFix(Transaction transaction, int number, string workflow)
    {
        var (word, id, now) = (Texts[number], Id(number), _host!.Node.Clocks.Now);
        var terms = new FixTerms(word, AutoApprove: false, [], Author: null, TimeSpan.FromDays(3), Verification: null);
        FindingStore.Save(transaction, new Finding(id, id, word, word, Labels.Of([new("model", word), new("segment", word)]), word, now) { Summary = word, Severity = word, Owner = word, Held = word });
        FixStore.Save(transaction, Fix.Evolve(null, new FixEvent.Opened($"{id}-1", id, word, word, id, terms) { At = now }), 0, 0);
        Handle(transaction, $"{id}-1", new FixCommand.Propose(Plan(id, word, workflow), word) { At = now }, word);
        if (number % 2 == 1)
        {
            Handle(transaction, $"{id}-1", new FixCommand.Reject(word, word) { At = now }, word);
        }

        AuditStore.Append(transaction, now, word, word, word);
    }

    private void Handle(Transaction transaction, string fix, FixCommand command, string actor) =>
        Assert.IsType<FixDecision.Accepted>(_host!.Node.Fixes.Handle(transaction, fix, command, actor));

    private static FixPlan Plan(string finding, string word, string workflow)
    {
        var definition = WorkflowDefinition.Read("relabel-rebuild-retrain.json", workflow).Definition!;
        var inputs = Values.Of(("model", word), ("dataset", word), ("segment", word), ("label_budget", 5), ("ranking", "label_errors"));
        var bound = WorkflowInputs.Bind(definition, inputs.Where(input => definition.Inputs.Any(known => known.Name == input.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal));
        var evidence = new PlanEvidence([new Evidence(word, 0.5, 2, [word])], new BlamedSegment(word, 5, 2, 0.5, 0.01), ImmutableSortedDictionary<string, string>.Empty.Add(word, word), null);
        return new FixPlan(
            finding, word, "revision", workflow, WorkflowProjection.Canonical(definition), bound.Values, evidence,
            new PatchLimits(word, ["relabel"], 5, 5), new PredictedEffect(word, 0.86, 0.96, word), word);
    }

    /// <summary>A dataset of that name, and a queue of labels for a row of it.</summary>
    private void AddRows(Transaction transaction, int number)
    {
        var (word, id, now) = (Texts[number], Id(number), _host!.Node.Clocks.Now);
        var queue = new LabelQueue($"q{id}", word, "1", "none", id, "open", 5, now, now.AddDays(1)) { Classes = [word, "other"] };
        var row = ImmutableSortedDictionary<string, string>.Empty.Add("text", word).Add(word, word);
        LabelStore.Open(transaction, queue, [new LabelTask($"q{id}:0", queue.Id, 0, word, "hash", word, word, 0.5, row)]);
        DatasetVersionStore.Add(transaction, new DatasetManifest(word, id, [], [new ManifestColumn(word, "VARCHAR")], word, word, 1, id), now);
        DatasetVersionStore.Add(transaction, id, new DatasetMove(word, 1, null, id, word, word, now));
    }

    private void AddModel(Transaction transaction, int number)
    {
        var (word, id, now) = (Texts[number], Id(number), _host!.Node.Clocks.Now);
        var version = ModelStore.Add(transaction, new TrainedModel(id, word, id, word, id, JsonSerializer.Serialize(new { trainer = word, parameters = word })), now);
        ModelStore.SetMetrics(transaction, version.Id, ImmutableSortedDictionary<string, double>.Empty.Add(word, 0.5));
        ChampionStore.Add(transaction, id, new ChampionMove(word, 1, MoveKind.Promotion, null, version.Id, word, word, now));
    }

    private static async Task AddKeysAsync(Caller admin)
    {
        foreach (var word in Texts)
        {
            using var issued = await admin.PostAsync("/api/keys", new { name = word[..Math.Min(100, word.Length)], roles = new[] { "viewer" } });
            Assert.True(issued.IsSuccessStatusCode, await issued.Content.ReadAsStringAsync());
        }
    }

    /// <summary>A definition for each text, and one that has an activity for each.</summary>
    private static async Task AddDefinitionsAsync(Caller admin)
    {
        foreach (var word in Texts)
        {
            using var named = await SaveAsync(admin, new { name = word, description = word, root = new { id = "r", type = "Elsa.Flowchart", version = 1, name = word } });
        }

        var activities = Texts.Select((word, number) => new
        {
            id = Id(number), type = "Elsa.Fault", version = 1, name = word,
            metadata = new { displayText = word, description = word, designer = new { position = new { x = 20 + number % 5 * 240, y = 20 + number / 5 * 120 } } },
            message = new { typeName = "String", expression = new { type = "Literal", value = word } },
        });
        using var all = await SaveAsync(admin, new { definitionId = Definition, name = Definition, root = new { id = "r", type = "Elsa.Flowchart", version = 1, activities } });
        Assert.True(all.IsSuccessStatusCode, await all.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> SaveAsync(Caller admin, object model) => admin.PostAsync("/elsa/api/workflow-definitions", new { model, publish = false });
}
