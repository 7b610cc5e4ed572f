using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Revisions;
using Orchestrator.Core.Revisions.Analysis;

namespace Orchestrator.Core.Tests.Revisions;

/// <summary>What the analysis says of rules before there is any data.</summary>
public sealed class AnalysisTests
{
    private const string Monitor = """
        monitor: m
        model: m
        every: 6h
        datasets:
          a: {connection: lake, path: a.csv, split: train, roles: {id: id, label: y, features: "f*"}}
          b: {connection: lake, path: b.csv, split: production, roles: {id: id, label: y, features: "f*"}}
        metrics: [data, model, system, segments, joint]
        """;

    private const string Recordings = """
        groups:
          - name: recordings
            interval: 6h
            rules:
              - {record: recorded, expr: "model_accuracy - 0.1"}
              - {record: labelled, expr: "min by (model) (model_accuracy)", labels: {team: ml}}
              - {record: itself, expr: "itself + 1"}
        """;

    public static TheoryData<string, string> Cases => CaseFile.Read("analysis.txt");

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_expression_is_told_what_it_can_never_do(string expression, string codes)
    {
        var found = Told($"      - {{alert: A, expr: '{expression}'}}").Select(diagnostic => diagnostic.Code).ToList();
        Assert.Equal(codes, found.Count == 0 ? "nothing" : string.Join(" ", found));
    }

    [Fact]
    public void What_is_told_has_its_place_its_reason_and_the_corrected_line() => AssertTold(
        """
              - alert: A
                expr: data_label_error_ratio{dataset="a"} > 5
              - alert: B
                expr: >-
                  data_label_error_ratio{dataset="a"} > 0.1
                  and model_accuracy{dataset="b"} < 0.9
              - alert: C
                expr: model_accuracy / sum(data_rows) > 0.1
        """,
        """
        r.rules.yaml:6:15: RULE201 "data_label_error_ratio{dataset="a"} > 5" never holds: "data_label_error_ratio{dataset="a"}" is from 0 to 1; allowed: a comparison that can hold (warning)
        r.rules.yaml:10:11: RULE205 "and" gives nothing: its left side has dataset="a", its right side dataset="b"; allowed: sides that are equal in the labels by which they meet; did you mean data_label_error_ratio{dataset="a"} > 0.1 and on (model) model_accuracy{dataset="b"} < 0.9?
        r.rules.yaml:12:30: RULE205 "/" gives nothing: its left side has dataset of a, b, its right side no label "dataset"; allowed: sides that are equal in the labels by which they meet; did you mean model_accuracy / on () sum(data_rows)?
        """);

    [Fact]
    public void Entries_of_when_are_told_apart() => AssertTold(
        """
              - alert: A
                when:
                  - data_rows{dataset="a"} > 500
                  - data_rows{dataset="a"} < 100
              - alert: B
                when: [data_rows > 500, sum(data_rows) > 5]
        """,
        """
        r.rules.yaml:8:13: RULE207 "A" never fires: this and an earlier condition on "data_rows{dataset="a",model="m"}" cannot both hold; allowed: conditions that can hold together (warning)
        r.rules.yaml:10:33: RULE205 the conditions of "when" meet on the label model: the first has model="m", this one no label "model"; allowed: conditions of one model, or "expr" with "and on (…)"
        """);

    [Fact]
    public void A_clear_and_a_verification_say_something_of_their_own() => AssertTold(
        """
              - alert: Gap
                expr: data_label_error_ratio{dataset="a"} > 0.05
                clear: data_label_error_ratio{dataset="a"} < 0.04
                owner: o
                then: {workflow: w, verify: {expr: 'data_label_error_ratio{dataset="a"} <= 0.05', within: 2d}}
              - alert: NoGap
                expr: data_label_error_ratio{dataset="a"} > 0.06
                clear: data_label_error_ratio{dataset="a"} <= 0.06
                owner: o
                then: {workflow: w, verify: {expr: 'data_label_error_ratio{dataset="a"} < 0.1', within: 2d}}
        """,
        """
        r.rules.yaml:12:16: RULE208 "clear" holds as soon as the condition does not, so it changes nothing; allowed: bounds that leave a gap to the condition's, or no clear (warning)
        r.rules.yaml:14:45: RULE209 a fix may count as verified while "NoGap" still holds: both are true of some values of "data_label_error_ratio{dataset="a",model="m"}"; allowed: a verification that fails while the condition holds (warning)
        """);

    [Fact]
    public void A_rule_that_another_makes_superfluous_is_told_where_that_one_stands() => AssertTold(
        """
              - alert: Wide
                expr: data_rows{dataset="a"} < 500
                owner: o
                then: {workflow: w, verify: {expr: 'data_rows{dataset="a"} > 900', within: 2d}}
              - alert: Narrow
                expr: data_rows{dataset="a"} < 100
                owner: o
                then: {workflow: w, verify: {expr: 'data_rows{dataset="a"} > 900', within: 2d}}
              - alert: NarrowForOthers
                expr: data_rows{dataset="a"} < 100
                labels: {severity: critical}
              - alert: Other
                expr: data_rows{dataset="a"} < 400
                owner: o
                then: {workflow: w2, verify: {expr: 'data_rows{dataset="a"} > 900', within: 2d}}
              - alert: Before
                expr: data_rows{dataset="a"} < 300
                owner: o
                then: {workflow: w2, priority: 10, verify: {expr: 'data_rows{dataset="a"} > 900', within: 2d}}
              - {record: twice, expr: sum(data_rows)}
              - {record: twice, expr: sum(data_rows)}
              - {record: twice, expr: sum(data_rows), labels: {of: all}}
        """,
        """
        r.rules.yaml:9:16: RULE210 "Narrow" adds nothing: "Wide" in r.rules.yaml:5 fires whenever it does, with the same labels and the same fix; allowed: a narrower other rule, labels or a fix of its own, or no such rule (warning)
        r.rules.yaml:12:15: RULE211 "Other" in r.rules.yaml:16 fires whenever "Narrow" does and changes the same model or dataset by another workflow with the same priority; allowed: another priority, or inhibited_by in one of the two (warning)
        r.rules.yaml:19:15: RULE211 "Wide" in r.rules.yaml:5 fires whenever "Other" does and changes the same model or dataset by another workflow with the same priority; allowed: another priority, or inhibited_by in one of the two (warning)
        r.rules.yaml:20:16: RULE210 "Before" adds nothing: "Other" in r.rules.yaml:16 fires whenever it does, with the same labels and the same fix; allowed: a narrower other rule, labels or a fix of its own, or no such rule (warning)
        r.rules.yaml:25:18: RULE212 r.rules.yaml:24 records the same series by the same expression already; allowed: each series recorded once (warning)
        """);

    [Fact]
    public void Fixes_that_start_each_other_without_end_are_told_with_the_way_round() => AssertTold(
        """
              - alert: Few
                expr: data_rows{dataset="a"} < 500
                owner: o
                then: {workflow: w2, approval: auto, verify: {expr: 'data_rows{dataset="a"} > 900', within: 2d}}
              - alert: Worse
                expr: drop > 0.1
                owner: o
                then: {workflow: w, approval: auto, verify: {expr: 'drop < 0.05', within: 2d}}
              - alert: Asked
                expr: drop > 0.2
                labels: {severity: critical}
                owner: o
                then: {workflow: w, approval: required, priority: 5, verify: {expr: 'drop < 0.05', within: 2d}}
              - {record: drop, expr: 'max_over_time(data_missing_ratio{dataset="a"}[2d]) - data_missing_ratio{dataset="a"}'}
        """,
        """
        r.rules.yaml:8:15: RULE213 fixes may start each other without end: Few → w2 → data_rows → Few; allowed: approval: required, a cooldown, or limits: {fixes: …} in one of the rules (warning)
        r.rules.yaml:12:15: RULE213 fixes may start each other without end: Worse → w → data_missing_ratio → Worse; allowed: approval: required, a cooldown, or limits: {fixes: …} in one of the rules (warning)
        """);

    [Fact]
    public void Labels_that_make_results_equal_and_limits_that_are_too_low_are_told() => AssertTold(
        """
              - alert: Classes
                expr: model_class_f1 < 0.5
                labels: {class: some}
              - alert: Named
                expr: model_class_f1 < 0.5
                labels: {class: "class {{ $labels.class }}", dataset: both}
              - alert: One
                expr: data_rows{dataset="a"} < 5
                labels: {dataset: x}
              - {record: less, expr: model_accuracy, labels: {dataset: all}}
        """,
        """
        r.rules.yaml:7:25: RULE214 results that differ only in "class" have the same labels after this, and the rule fails with more than one of them: the expression has a label "class"; allowed: a label of another name, or an expression without this label, as by "sum without" (warning)
        r.rules.yaml:10:63: RULE214 results that differ only in "dataset" have the same labels after this, and the rule fails with more than one of them: the expression has dataset of a, b; allowed: a label of another name, or an expression without this label, as by "sum without" (warning)
        r.rules.yaml:14:64: RULE214 results that differ only in "dataset" have the same labels after this, and the rule fails with more than one of them: the expression has dataset of a, b; allowed: a label of another name, or an expression without this label, as by "sum without" (warning)
        """);

    [Fact]
    public void A_group_with_a_limit_below_what_a_rule_gives_is_told()
    {
        var files = Files("      - {alert: A, expr: data_rows < 5}");
        files["r.rules.yaml"] = files["r.rules.yaml"].Replace("    model: m\n", "    model: m\n    limit: 1\n", StringComparison.Ordinal);
        Assert.Equal(["r.rules.yaml:6:17: RULE215 \"A\" may give 2 results, the group's limit is 1: above it the rule fails; allowed: a higher limit, or an expression with fewer results"], Lines(files));
    }

    [Fact]
    public void A_rule_is_expanded_to_the_PromQL_that_it_stands_for_with_the_number_of_its_results()
    {
        var rules = RuleRevision.Expand(Files(
            """
                  - alert: A
                    when: [data_label_error_ratio > 0.1, 'model_class_f1{dataset="b"} < 0.5']
                    clear: data_label_error_ratio < 0.05
                  - {record: class, expr: "max by (class, dataset) (model_class_f1)"}
                  - {record: seen, expr: up}
            """)).Where(rule => rule.Path == "r.rules.yaml");
        Assert.Equal(
            [
                """r.rules.yaml:5 A data_label_error_ratio{model="m"} > 0.1 and on (model) model_class_f1{dataset="b",model="m"} < 0.5 data_label_error_ratio < 0.05 2""",
                """r.rules.yaml:8 class max by (class, dataset) (model_class_f1)  2 × class""",
                """r.rules.yaml:9 seen up  as many as the series it reads""",
            ],
            rules.Select(rule => $"{rule.Path}:{rule.Line} {rule.Rule} {rule.Expr} {rule.Clear} {rule.Series}"));
    }

    [Fact]
    public void A_thousand_rules_are_analysed_in_one_go()
    {
        var rules = string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"      - {{alert: A{i}, expr: 'data_rows{{dataset=\"a\"}} < {i + 1}', labels: {{n: \"{i}\"}}}}"));
        Assert.Empty(Told(rules));
    }

    [Theory]
    [InlineData("rules.yml")]
    [InlineData("bad-rules-error.yml")] // only data shows what is wrong with it
    [InlineData("rules_duplicates.yml", "RULE212", "RULE212")]
    [InlineData("rules_extrafields.yml", "YAML020", "YAML020")]
    [InlineData("bad-rules-syntax.yml", "EXPR001")]
    public void Prometheus_own_rule_files_raise_no_alarm(string name, params string[] codes)
    {
        var text = File.ReadAllText(Path.Combine(SharedData.Folder("conformance", "promtool"), name));
        var told = RuleRevision.Check(new Dictionary<string, string> { ["p.rules.yaml"] = text }).Diagnostics;
        Assert.Equal(codes, told.Select(diagnostic => diagnostic.Code));
    }

    private static void AssertTold(string rules, string expected) => Assert.Equal(
        expected.ReplaceLineEndings("\n").Split('\n'),
        Told(rules).Select(diagnostic => diagnostic.Severity == Severity.Warning ? $"{diagnostic} (warning)" : diagnostic.ToString()));

    private static IEnumerable<Diagnostic> Told(string rules) => RuleRevision.Check(Files(rules)).Diagnostics.Where(diagnostic => diagnostic.Path == "r.rules.yaml");

    private static IEnumerable<string> Lines(Dictionary<string, string> files) => RuleRevision.Check(files).Diagnostics.Select(diagnostic => diagnostic.ToString());

    private static Dictionary<string, string> Files(string rules) => new()
    {
        ["m.model.yaml"] = "model: m\ntask: multiclass\nlabels: human\n",
        ["m.monitor.yaml"] = Monitor,
        ["recordings.rules.yaml"] = Recordings,
        ["r.rules.yaml"] = $"groups:\n  - name: g\n    model: m\n    rules:\n{rules}\n",
        ["workflows/w.json"] = Flow("w"),
        ["workflows/w2.json"] = Flow("w2"),
    };

    private static string Flow(string name) => $$$$"""
        {"id": "{{{{name}}}}-1", "definitionId": "{{{{name}}}}", "name": "{{{{name}}}}", "version": 1, "root": {"id": "root", "type": "Elsa.Flowchart", "version": 1,
         "activities": [
           {"id": "start", "type": "Elsa.Start", "version": 1},
           {"id": "rebuild", "type": "Orchestrator.RebuildDataset", "version": 1,
            "dataset": {"typeName": "String", "expression": {"type": "Literal", "value": "a"}}},
           {"id": "end", "type": "Elsa.Finish", "version": 1}],
         "connections": [
           {"source": {"activity": "start", "port": "Done"}, "target": {"activity": "rebuild", "port": "In"}},
           {"source": {"activity": "rebuild", "port": "Done"}, "target": {"activity": "end", "port": "In"}}]}}
        """;
}
