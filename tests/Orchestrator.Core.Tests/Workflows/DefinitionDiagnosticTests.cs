using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Workflows;
using static Orchestrator.Core.Tests.Workflows.DefinitionText;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>Places are counted by hand: the first activity stands on line 4, the first connection two lines below the last activity.</summary>
public sealed class DefinitionDiagnosticTests
{
    [Theory]
    [InlineData("{ \"id\": }", "1:9: FLOW001")]
    [InlineData("{\n  \"id\": \"a\",\n  // no\n}", "3:3: FLOW001")]
    [InlineData("{ \"id\": 1,\n  \"é\": 2, \"é\": 3 }", "2:11: FLOW003")]
    [InlineData("{ \"Root\": 1, \"root\": 2 }", "1:14: FLOW003")]
    [InlineData("{ \"id\": \"\\ud800\" }", "1:9: FLOW001")]
    [InlineData("[]", "1:1: FLOW004")]
    [InlineData("", "1:1: FLOW001")]
    [InlineData("{ \"id\": \"a\" }", "1:1: FLOW005")]
    public void Text_that_is_no_definition_is_refused_with_its_place(string json, string expected)
    {
        var (_, diagnostics) = WorkflowDefinition.Read("f.json", json);
        Assert.StartsWith($"f.json:{expected} ", diagnostics[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_too_deep_or_too_large_is_refused()
    {
        var deep = WorkflowDefinition.Read("f.json", new string('[', 100_000));
        Assert.Null(deep.Definition);
        Assert.StartsWith("f.json:1:65: FLOW001 ", deep.Diagnostics[0].ToString(), StringComparison.Ordinal);
        var large = WorkflowDefinition.Read("f.json", new string(' ', (1 << 20) + 1));
        Assert.Equal("f.json:1:1: FLOW002 the file has 1048577 bytes; at most 1048576 bytes", large.Diagnostics[0].ToString());
    }

    [Fact]
    public void An_unknown_activity_is_kept_and_can_not_be_started()
    {
        var json = Flowchart("""{ "id": "a", "type": "Orchestrator.Retrian", "version": 1, "color": "red" }""");
        var (definition, diagnostics) = WorkflowDefinition.Read("f.json", json);
        var found = Assert.Single(diagnostics);
        Assert.StartsWith("f.json:4:22: FLOW007 the activity type \"Orchestrator.Retrian\" is not known; known: Elsa.Delay, ", found.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("; did you mean Orchestrator.Retrain?", found.ToString(), StringComparison.Ordinal);
        Assert.False(definition!.CanStart);
        SameInOrder(json, definition.Write());
    }

    [Fact]
    public void An_unknown_input_is_reported_with_the_nearest_one() => Refused(
        Flowchart("""{ "id": "a", "type": "Orchestrator.Query", "version": 1, "expression": "up", "expresion": { "expression": { "type": "Literal", "value": "up" } } }"""),
        "4:91: FLOW009 the input or output of Orchestrator.Query \"expresion\" is not known; known: expression, hasValue, value; did you mean expression?");

    [Fact]
    public void A_missing_required_input_is_reported() => Refused(
        Flowchart("""{ "id": "a", "type": "Orchestrator.Query", "version": 1 }"""),
        "4:1: FLOW018 a (Orchestrator.Query) lacks its input \"expression\"; expression: A PromQL expression that gives one value.");

    [Fact]
    public void A_required_input_cleared_in_the_designer_is_missing() => Refused(
        Flowchart(Query("a", "\"\"")),
        "4:1: FLOW018 a (Orchestrator.Query) lacks its input \"expression\"; expression: A PromQL expression that gives one value.");

    [Theory]
    [InlineData("JavaScript")]
    [InlineData("CSharp")]
    [InlineData("Python")]
    [InlineData("Liquid")]
    public void Code_is_refused_with_its_place(string language) => Refused(
        Flowchart($$"""{ "id": "a", "type": "Orchestrator.Query", "version": 1, "expression": { "expression": { "type": "{{language}}", "value": "1" } } }"""),
        $"4:98: FLOW010 {language} can't be run: a definition carries no code; an expression of type Literal, Object, Variable, Input");

    [Fact]
    public void A_literal_of_another_type_is_reported() => Refused(
        Flowchart("""{ "id": "a", "type": "Elsa.Delay", "version": 1, "timeSpan": { "expression": { "type": "Literal", "value": "5 minutes" } } }"""),
        "4:108: FLOW012 the value \"5 minutes\" of TimeSpan is no TimeSpan; a duration as [d.]hh:mm:ss");

    [Fact]
    public void A_value_that_is_not_one_of_the_options_is_reported() => Refused(
        Flowchart("""{ "id": "a", "type": "Elsa.FlowJoin", "version": 1, "mode": { "expression": { "type": "Literal", "value": "WaitAl" } } }"""),
        "4:107: FLOW013 the value of Mode \"WaitAl\" is not known; known: WaitAll, WaitAllActive, WaitAny; did you mean WaitAll?");

    [Fact]
    public void A_mode_that_comes_from_a_variable_is_refused() => Refused(
        Flowchart(
            """{ "id": "a", "type": "Elsa.FlowJoin", "version": 1, "mode": { "expression": { "type": "Variable", "value": { "id": "m" } } } }""",
            declarations: """ "variables": [{ "id": "m", "name": "m", "typeName": "String" }],"""),
        "4:87: FLOW011 Mode decides how the flow runs and can't come from Variable; an expression of type Literal or Object");

    [Fact]
    public void An_unknown_variable_is_reported() => Refused(
        Flowchart(
            """{ "id": "a", "type": "Orchestrator.Query", "version": 1, "expression": { "expression": { "type": "Variable", "value": { "name": "quary" } } } }""",
            declarations: """ "variables": [{ "id": "v", "name": "query", "typeName": "String" }],"""),
        "4:119: FLOW014 the variable \"quary\" is not known; known: query; did you mean query?");

    [Fact]
    public void An_output_bound_to_an_unknown_variable_is_reported() => Refused(
        Flowchart("""{ "id": "a", "type": "Orchestrator.Query", "version": 1, "expression": "up", "value": { "memoryReference": { "id": "x" } } }"""),
        "4:116: FLOW014 the variable \"x\" is not known; there is none");

    [Fact]
    public void An_unknown_workflow_input_is_reported() => Refused(
        Flowchart(
            """{ "id": "a", "type": "Orchestrator.Query", "version": 1, "expression": { "expression": { "type": "Input", "value": { "name": "modell" } } } }""",
            declarations: """ "inputs": [{ "name": "model", "type": "String" }],"""),
        "4:116: FLOW015 the workflow input \"modell\" is not known; known: model; did you mean model?");

    [Fact]
    public void An_unknown_expression_type_is_reported() => Refused(
        Flowchart("""{ "id": "a", "type": "Orchestrator.Query", "version": 1, "expression": { "expression": { "type": "Litteral", "value": "up" } } }"""),
        "4:98: FLOW016 the expression type \"Litteral\" is not known; known: Input, Literal, Object, Variable; did you mean Literal?");

    [Fact]
    public void Another_version_of_an_activity_is_reported() => Refused(
        Flowchart("""{ "id": "a", "type": "Elsa.Start", "version": 2 }"""),
        "4:47: FLOW008 version 2 of Elsa.Start is not known; version 1");

    [Fact]
    public void An_id_that_occurs_twice_is_reported() => Refused(
        Flowchart(Query("a") + ",\n" + Query("a")),
        "5:9: FLOW006 the activity id \"a\" occurs twice, or there are more than 1000 activities; each id once in the whole definition");

    [Fact]
    public void A_connection_to_nowhere_is_reported() => Refused(
        Flowchart(Query("alpha"), Way("alpha", "Done", "alfa")),
        "6:1: FLOW020 the connected activity \"alfa\" is not known; known: alpha");

    [Fact]
    public void An_outcome_that_does_not_exist_is_reported() => Refused(
        Flowchart(Query("a") + ",\n" + Query("b"), Way("a", "Dome", "b")),
        "7:40: FLOW021 the outcome of a (Orchestrator.Query) \"Dome\" is not known; known: Done; did you mean Done?");

    [Fact]
    public void Two_activities_that_could_be_the_first_are_reported() => Refused(
        Flowchart(Query("b") + ",\n" + Query("a")),
        "3:81: FLOW019 2 activities of the flowchart could be the first: a, b; one Elsa.Start activity");

    [Fact]
    public void A_loop_that_can_be_entered_at_two_places_is_refused() => Refused(
        Flowchart(
            string.Join(",\n", Query("a"), Query("b"), Query("c")),
            string.Join(",\n", Way("a", "Done", "b"), Way("a", "Done", "c"), Way("b", "Done", "c"), Way("c", "Done", "b"))),
        "7:21: FLOW023 the connection from \"a\" to \"b\" belongs to a loop that can be entered at two places; loops that are entered at one activity");

    [Fact]
    public void An_activity_that_nothing_leads_to_is_a_warning()
    {
        var (definition, diagnostics) = WorkflowDefinition.Read("f.json", Flowchart("""{ "id": "s", "type": "Elsa.Start", "version": 1 },""" + "\n" + Query("a")));
        var found = Assert.Single(diagnostics);
        Assert.Equal("f.json:5:1: FLOW024 nothing leads to the activity \"a\": it never runs", found.ToString());
        Assert.Equal(Severity.Warning, found.Severity);
        Assert.True(definition!.CanStart);
    }

    [Fact]
    public void A_misspelt_plain_property_is_a_warning()
    {
        var (_, diagnostics) = WorkflowDefinition.Read("f.json", Flowchart("""{ "id": "a", "type": "Orchestrator.Query", "expression": "up", "valeu": 1 }"""));
        Assert.Equal(
            "f.json:4:73: FLOW017 the property \"valeu\" of Orchestrator.Query is kept but means nothing; did you mean value?",
            Assert.Single(diagnostics).ToString());
    }

    [Fact]
    public void Diagnostics_come_in_the_order_of_the_file()
    {
        var (_, diagnostics) = WorkflowDefinition.Read("f.json", Flowchart(Query("a") + ",\n" + """{ "id": "b", "type": "X" },""" + "\n" + """{ "id": "c", "type": "Y" }"""));
        Assert.Equal([3, 5, 6], diagnostics.Select(diagnostic => diagnostic.Line));
    }

    private static void Refused(string json, string expected)
    {
        var (definition, diagnostics) = WorkflowDefinition.Read("f.json", json);
        Assert.Equal($"f.json:{expected}", Assert.Single(diagnostics).ToString());
        Assert.False(definition!.CanStart);
        SameInOrder(json, definition.Write());
    }
}
