using System.Collections.Immutable;
using System.Text.Json;
using Json.Schema;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rehearsal;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Tests.Revisions;

/// <summary>The JSON Schemas for editors say what the readers say, as far as a schema can.</summary>
public sealed class SchemaTests
{
    private static readonly string[] Kinds = ["model", "monitor", "rules", "test", "scenario", "orchestrator", "workflow"];

    /// <summary>Broken cases whose fault lies in the form of the file; of the others a schema knows nothing: names, expressions, or what YAML itself refuses.</summary>
    private static readonly string[] Told =
    [
        "bad-duration.rules.yaml", "bad-values.test.yaml", "infinite-rows.rules.yaml", "negative-for.rules.yaml", "no-groups-list.rules.yaml", "no-positive.model.yaml", "not-finite.model.yaml",
        "reference.monitor.yaml", "task.model.yaml", "two-errors.rules.yaml", "unknown-field.rules.yaml",
    ];

    private static readonly Dictionary<string, JsonSchema> Schemas =
        Kinds.ToDictionary(kind => kind, kind => JsonSchema.FromText(Repository.Text($"rules/schemas/{kind}.schema.json")));

    public static TheoryData<string> Examples =>
    [
        .. new[] { "rules", "workflows", "deploy", "tests/scenarios" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => KindOf(file) is not null).Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Broken => [.. BrokenFilesTests.Files.Select(row => row.Data)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_file_of_this_repository_fits_its_schema(string path) => Assert.True(Fits(KindOf(path)!, Json(path, Repository.Text(path))!.Value));

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_schema_tells_the_faults_that_it_can(string name)
    {
        var text = SourceText.Decode(name, File.ReadAllBytes(Path.Combine(Repository.Root, "tests/Orchestrator.Core.Tests/Cases/Broken", name))).Value;
        if (text is null || (name.EndsWith(".yaml", StringComparison.Ordinal) && YamlFile.Read(name, text).Value is null) || name == "merge-conflict-json.json")
        {
            Assert.DoesNotContain(name, Told);
            return;
        }

        var kind = name.EndsWith(".json", StringComparison.Ordinal) ? "workflow" : KindOf(name)!;
        Assert.Equal(!Told.Contains(name), name == "twice.json" || Fits(kind, Json(name, text)!.Value));
    }

    [Theory]
    [InlineData("model", "model: m\ntask: regression\nZ: 1\n", "")]
    [InlineData("model", "model: m\ntask: {type: multiclass, Z: 1}\n", "task/anyOf/2")]
    [InlineData("model", "model: m\ntask: {type: binary, positive: a, Z: 1}\n", "task/anyOf/1")]
    [InlineData("model", "model: m\ntask: regression\nlabels: {source: human, Z: 1}\n", "labels/anyOf/1")]
    [InlineData("model", "model: m\ntask: regression\ntrain: {runner: a, dataset: b, Z: 1}\n", "train")]
    [InlineData("model", "model: m\ntask: regression\nevaluate: {dataset: b, Z: 1}\n", "evaluate")]
    [InlineData("model", "model: m\ntask: regression\ngate: {metric: b, Z: 1}\n", "gate")]
    [InlineData("model", "model: m\ntask: regression\ndeploy: {hook: b, Z: 1}\n", "deploy")]
    [InlineData("monitor", "monitor: m\nevery: 1d\ndatasets: {}\nmetrics: [data]\nZ: 1\n", "")]
    [InlineData("monitor", "monitor: m\nevery: 1d\ndatasets: {a: {connection: c, path: p, split: test, Z: 1}}\nmetrics: [data]\n", "datasets/additionalProperties")]
    [InlineData("monitor", "monitor: m\nevery: 1d\ndatasets: {a: {connection: c, path: p, split: test, roles: {Z: 1}}}\nmetrics: [data]\n", "datasets/additionalProperties/properties/roles")]
    [InlineData("monitor", "monitor: m\nevery: 1d\ndatasets: {a: {connection: c, path: p, split: test, labels: {path: p, join: a, label: b, Z: 1}}}\nmetrics: [data]\n", "datasets/additionalProperties/properties/labels")]
    [InlineData("rules", "groups: []\nZ: 1\n", "")]
    [InlineData("rules", "groups: [{name: g, Z: 1}]\n", "groups/items")]
    [InlineData("rules", "groups: [{name: g, rules: [{alert: a, expr: up, then: {workflow: w, Z: 1}}]}]\n", "$defs/alerting/properties/then")]
    [InlineData("rules", "groups: [{name: g, rules: [{alert: a, expr: up, then: {workflow: w, limits: {Z: 1}}}]}]\n", "$defs/alerting/properties/then/properties/limits")]
    [InlineData("rules", "groups: [{name: g, rules: [{alert: a, expr: up, then: {workflow: w, verify: {expr: up, within: 1h, Z: 1}}}]}]\n", "$defs/alerting/properties/then/properties/verify")]
    [InlineData("test", "tests: []\nZ: 1\n", "")]
    [InlineData("test", "tests: [{Z: 1}]\n", "tests/items")]
    [InlineData("test", "tests: [{input_series: [{series: up, values: 1, Z: 1}]}]\n", "tests/items/properties/input_series/items")]
    [InlineData("test", "tests: [{alert_rule_test: [{eval_time: 1m, alertname: a, Z: 1}]}]\n", "tests/items/properties/alert_rule_test/items")]
    [InlineData("test", "tests: [{promql_expr_test: [{expr: up, eval_time: 1m, Z: 1}]}]\n", "tests/items/properties/promql_expr_test/items")]
    [InlineData("test", "tests: [{fix_test: [{eval_time: 1m, alertname: a, Z: 1}]}]\n", "tests/items/properties/fix_test/items")]
    [InlineData("scenario", "scenario: s\nconfig: c\nstart: 2026-01-05\nuntil: 1d\narrivals: []\nZ: 1\n", "")]
    [InlineData("scenario", "scenario: s\nconfig: c\nstart: 2026-01-05\nuntil: 1d\narrivals: [{dataset: a, file: f, Z: 1}]\n", "arrivals/items")]
    [InlineData("orchestrator", "folder: .\nZ: 1\n", "")]
    [InlineData("orchestrator", "git: {url: u, Z: 1}\n", "git")]
    [InlineData("orchestrator", "folder: .\nsign_in: {Z: 1}\n", "sign_in")]
    [InlineData("orchestrator", "folder: .\nsign_in: {oidc: {authority: 'https://example.org', client_id: a, Z: 1}}\n", "sign_in/properties/oidc")]
    [InlineData("orchestrator", "folder: .\npeople: {a: {roles: [viewer], Z: 1}}\n", "people/additionalProperties")]
    [InlineData("orchestrator", "folder: .\nrunners: {a: {command: [b], Z: 1}}\n", "runners/additionalProperties")]
    [InlineData("orchestrator", "folder: .\ncommands: {a: {command: [b], Z: 1}}\n", "commands/additionalProperties")]
    [InlineData("orchestrator", "folder: .\nhooks: {a: {url: 'https://example.org', Z: 1}}\n", "hooks/additionalProperties")]
    public void A_schema_knows_the_fields_that_the_reader_knows(string kind, string text, string pointer)
    {
        var unknown = Assert.Single(Read(kind, text), diagnostic => diagnostic.Code == "YAML020");
        var allowed = unknown.Allowed!["allowed: ".Length..].Split(", ").Order(StringComparer.Ordinal);
        Assert.Equal(allowed, Properties(kind, pointer).Order(StringComparer.Ordinal));
        Assert.False(Fits(kind, Json("a.yaml", text)!.Value));
    }

    [Fact]
    public void A_schema_knows_the_fields_of_both_kinds_of_rules()
    {
        var unknown = Assert.Single(Read("rules", "groups: [{name: g, rules: [{alert: a, expr: up, Z: 1}]}]\n"));
        var allowed = unknown.Allowed!["allowed: ".Length..].Split(", ");
        Assert.Equal(allowed.Order(StringComparer.Ordinal), Properties("rules", "$defs/alerting").Append("record").Order(StringComparer.Ordinal));
        Assert.Equal(["expr", "labels", "record"], Properties("rules", "$defs/recording").Order(StringComparer.Ordinal));
    }

    private static ImmutableArray<Diagnostic> Read(string kind, string text) => kind switch
    {
        "model" => ModelFile.Read("a", text).Diagnostics,
        "monitor" => MonitorFile.Read("a", text).Diagnostics,
        "rules" => RuleFile.Read("a", text).Diagnostics,
        "test" => RuleTestFile.Read("a", text).Diagnostics,
        "scenario" => ScenarioFile.Read("a", text).Diagnostics,
        _ => OperatorFile.Read("a", text).Diagnostics,
    };

    private static IEnumerable<string> Properties(string kind, string pointer)
    {
        var at = JsonElement.Parse(Repository.Text($"rules/schemas/{kind}.schema.json"));
        var steps = pointer.Length == 0 ? [] : pointer.StartsWith('$') ? pointer.Split('/') : pointer.Split('/').Prepend("properties");
        foreach (var step in steps)
        {
            at = at.ValueKind == JsonValueKind.Array ? at[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : at.GetProperty(step);
        }

        return at.GetProperty("properties").EnumerateObject().Select(property => property.Name);
    }

    private static bool Fits(string kind, JsonElement json) => Schemas[kind].Evaluate(json).IsValid;

    private static JsonElement? Json(string path, string text) =>
        path.EndsWith(".json", StringComparison.Ordinal) ? JsonElement.Parse(text) : YamlFile.Read(path, text).Value?.Root?.ToJson();

    private static string? KindOf(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith("orchestrator", StringComparison.Ordinal) && name.EndsWith(".yaml", StringComparison.Ordinal) ? "orchestrator"
            : name.EndsWith(".json", StringComparison.Ordinal) && path.Contains("workflows/", StringComparison.Ordinal) ? "workflow"
            : Array.Find(Kinds, kind => name.EndsWith($".{kind}.yaml", StringComparison.Ordinal));
    }
}
