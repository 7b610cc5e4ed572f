using System.Text.RegularExpressions;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Revisions;

namespace Orchestrator.Core.Tests.Revisions;

public sealed class RuleRevisionTests
{
    [Fact]
    public void The_demo_has_nothing_to_complain_about()
    {
        var check = RuleRevision.Check(Demo.Files(), Operator("data", "ml-leads"));
        Assert.Equal([], check.Diagnostics.Select(diagnostic => diagnostic.ToString()));
        var revision = check.Value!;
        Assert.Equal(["digits"], revision.Models.Keys);
        Assert.Equal(["digits"], revision.Monitors.Keys);
        Assert.Equal(["digits"], revision.Groups.Select(group => group.Name));
        Assert.Equal(["notify", "relabel-rebuild-retrain"], revision.Workflows.Keys);
        Assert.Equal(["digits.test.yaml"], revision.Tests.Keys);
    }

    [Fact]
    public void The_hash_is_that_of_paths_and_texts_whatever_their_order()
    {
        var files = Demo.Files();
        var hash = RuleRevision.Check(files).Value!.Hash;
        Assert.Equal(64, hash.Length);
        Assert.Equal(hash, RuleRevision.Check(files.Reverse().ToDictionary(pair => pair.Key, pair => pair.Value)).Value!.Hash);
        files["digits.model.yaml"] += "# a word\n";
        Assert.NotEqual(hash, RuleRevision.Check(files).Value!.Hash);
    }

    [Fact]
    public void Names_of_the_operators_file_are_checked_where_it_is_known()
    {
        var check = RuleRevision.Check(Demo.Files(), Operator("datas", "ml-lead"));
        Assert.Null(check.Value);
        Assert.Equal(
            [
                "digits.monitor.yaml:6:17: MON024 connection \"data\" does not exist; allowed: datas; did you mean datas?",
                "digits.monitor.yaml:11:17: MON024 connection \"data\" does not exist; allowed: datas; did you mean datas?",
                "digits.rules.yaml:22:23: RULE114 group of people \"ml-leads\" does not exist; allowed: ml-lead; did you mean ml-lead?",
            ],
            check.Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void A_deployment_needs_a_hook_that_the_operator_named_and_a_log_that_can_confirm_it()
    {
        var files = Demo.Files();
        files["digits.model.yaml"] += "deploy: {hook: servin, confirm_within: 30m}\n";
        var hooked = OperatorFile.Read("orchestrator.yaml", "folder: rules\nconnections: {data: {folder: data}}\ngroups: {ml-leads: [a]}\nhooks: {serving: {url: \"https://example.com\"}}\n").Value!;
        Assert.Equal(["digits.model.yaml:8:16: MODEL011 hook \"servin\" does not exist; allowed: serving; did you mean serving?"], Told(files, hooked));

        files["digits.model.yaml"] = files["digits.model.yaml"].Replace("servin,", "serving,", StringComparison.Ordinal);
        Assert.Empty(Told(files, hooked));
        files["digits.monitor.yaml"] = files["digits.monitor.yaml"].Replace("      model_version: model_version\n", "", StringComparison.Ordinal);
        Assert.Equal(
            ["digits.model.yaml:8:41: MODEL012 a version is confirmed when it shows in the prediction log, and no production dataset of this model says which version predicted a row; allowed: a production dataset with the role \"model_version\", or no confirm_within"],
            Told(files, hooked));
    }

    private static IEnumerable<string> Told(Dictionary<string, string> files, OperatorFile hooked) =>
        RuleRevision.Check(files, hooked).Diagnostics.Select(diagnostic => diagnostic.ToString());

    [Fact]
    public void Files_are_asked_of_folders_and_queries_of_databases()
    {
        const string monitor = """
            monitor: m
            every: 1d
            datasets:
              files: {connection: dw, path: rows.csv, split: test}
              query: {connection: lake, query: select 1, split: test, labels: {connection: dw, path: labels.csv, join: id, label: kind}}
            metrics: [data]
            """;
        var operators = OperatorFile.Read("o", "folder: .\nconnections: {lake: {folder: lake}, dw: {driver: postgres, dsn_file: dsn}}\n").Value!;
        Assert.Equal(
            [
                "m.monitor.yaml:4:33: MON025 connection \"dw\" is a database, which has no files; allowed: query",
                "m.monitor.yaml:5:36: MON025 connection \"lake\" is a folder, which takes no query; allowed: path",
                "m.monitor.yaml:5:90: MON025 connection \"dw\" is a database, which has no files; allowed: query",
            ],
            RuleRevision.Check(new Dictionary<string, string> { ["m.monitor.yaml"] = monitor }, operators).Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void Names_given_twice_are_errors_that_say_where_the_first_stands()
    {
        var files = Demo.Files();
        files["more.model.yaml"] = files["digits.model.yaml"];
        files["more.monitor.yaml"] = files["digits.monitor.yaml"];
        files["more.rules.yaml"] = files["digits.rules.yaml"];
        files["workflows/tell.json"] = files["workflows/notify.json"];
        var errors = RuleRevision.Check(files).Diagnostics.Select(diagnostic => diagnostic.ToString()).ToList();
        Assert.Equal(
            [
                "more.model.yaml:1:8: MODEL003 model \"digits\" is given twice; it stands in digits.model.yaml:1 already",
                "more.monitor.yaml:1:10: MON020 monitor \"digits\" is given twice; it stands in digits.monitor.yaml:1 already",
                "more.monitor.yaml:6:5: MON021 dataset \"digits-train\" is given twice; it stands in digits.monitor.yaml:6 already",
                "more.monitor.yaml:11:5: MON021 dataset \"digits-production\" is given twice; it stands in digits.monitor.yaml:11 already",
                "more.rules.yaml:2:11: RULE001 group \"digits\" is given twice; it stands in digits.rules.yaml:2 already",
                "workflows/tell.json:1:1: FLOW099 workflow \"notify\" is given twice; it stands in workflows/notify.json:1 already",
            ],
            errors);
    }

    [Fact]
    public void A_broken_file_is_reported_once_and_not_as_names_that_do_not_exist()
    {
        var files = Demo.Files();
        files["digits.model.yaml"] = "model: [";
        Assert.Equal(["digits.model.yaml"], RuleRevision.Check(files).Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(diagnostic => diagnostic.Path));
    }

    [Fact]
    public void Advice_does_not_keep_a_revision_out()
    {
        var files = Demo.Files();
        files["more.rules.yaml"] = """
            groups:
              - name: more
                rules:
                  - alert: Latency
                    expr: avg_over_time(system_latency_seconds{quantile="0.5"}[1h]) > 0.2 and upp == 1
                    then: {workflow: notify, inputs: {target: a, message: b}}
                  - record: up
                    expr: vector(1)
            """;
        var check = RuleRevision.Check(files);
        Assert.NotNull(check.Value);
        Assert.Equal(
            [
                "more.rules.yaml:4:16: RULE117 nothing tells whether the fix of \"Latency\" helped; allowed: verify, such as {expr: model_accuracy > 0.9, within: 2h}",
                "more.rules.yaml:4:16: RULE118 \"Latency\" proposes fixes and belongs to nobody; allowed: owner",
                "more.rules.yaml:5:29: RULE108 \"system_latency_seconds\" is measured every 6h, a range of 1h is empty most of the time; allowed: a range of at least 6h",
                "more.rules.yaml:5:83: RULE103 nothing here gives the series \"upp\"; allowed: a metric, a series that a rule records, or one that is received; did you mean up?",
            ],
            check.Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void A_rule_reads_only_distances_that_a_monitor_measures()
    {
        var files = Demo.Files();
        files["digits.monitor.yaml"] = Regex.Replace(files["digits.monitor.yaml"], @"metrics: \[.*\]", "metrics: [data, model, segments, system, {drift: {variant: [psi, ks], bins: 20}}]");
        files["more.rules.yaml"] = """
            groups:
              - name: more
                rules:
                  - record: psi
                    expr: max(data_feature_drift{variant="psi_reference_quantiles_10"}) + max(data_feature_drift{variant="ks"}) + min(data_feature_drift_pvalue{variant="chi2"})
            """;

        Assert.Equal(
            ["more.rules.yaml:5:19: RULE119 no monitor measures the variant \"psi_reference_quantiles_10\" of \"data_feature_drift\"; allowed: psi_reference_quantiles_20, ks, psi_categories; did you mean psi_reference_quantiles_20?"],
            RuleRevision.Check(files).Diagnostics.Where(diagnostic => diagnostic.Path == "more.rules.yaml").Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void People_are_not_asked_for_labels_that_are_observed()
    {
        var files = Demo.Files();
        files["digits.model.yaml"] = files["digits.model.yaml"].Replace("labels: human ", "labels: observed ", StringComparison.Ordinal);
        Assert.Equal("digits.rules.yaml:19:21: RULE116 workflow \"relabel-rebuild-retrain\" asks people for labels, those of the model \"digits\" are observed; allowed: a workflow without Relabel, or \"labels: human\" in the model", Assert.Single(RuleRevision.Check(files).Diagnostics).ToString());
    }

    private static OperatorFile Operator(string connection, string group) =>
        OperatorFile.Read("orchestrator.yaml", $"folder: rules\nconnections: {{{connection}: {{folder: data}}}}\ngroups: {{{group}: [lead@example.org]}}\n").Value!;
}
