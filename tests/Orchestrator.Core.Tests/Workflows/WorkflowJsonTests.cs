using System.Reflection;
using System.Text.Json;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>The stored forms are public: what a release wrote, every later one reads, and writes alike.</summary>
public sealed class WorkflowJsonTests
{
    public static TheoryData<string> Commands => [.. Golden("commands")];

    public static TheoryData<string> Events => [.. Golden("events")];

    public static TheoryData<string> Effects => [.. Golden("effects")];

    public static TheoryData<string> States => [.. Golden("states")];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_keeps_its_form(string json) => Assert.Equal(json, WorkflowJson.Write(WorkflowJson.ReadCommand(json)));

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_keeps_its_form(string json) => Assert.Equal(json, WorkflowJson.Write(WorkflowJson.ReadEvent(json)));

    [Theory]
    [MemberData(nameof(Effects))]
    public void An_effect_keeps_its_form(string json) => Assert.Equal(json, WorkflowJson.Write(WorkflowJson.ReadEffect(json)));

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_keeps_its_form(string json) => Assert.Equal(json, WorkflowJson.Write(WorkflowJson.ReadState(json)));

    [Theory]
    [InlineData("commands", typeof(WorkflowCommand))]
    [InlineData("events", typeof(WorkflowEvent))]
    [InlineData("effects", typeof(WorkflowEffect))]
    public void Every_kind_has_its_golden_form(string file, Type family) => Assert.Equal(
        family.GetNestedTypes(BindingFlags.Public).Select(kind => kind.Name).Order(StringComparer.Ordinal),
        Golden(file).Select(json => JsonDocument.Parse(json).RootElement.GetProperty("$type").GetString()!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_may_happen_to_every_state(string json) =>
        Assert.All(Golden("states"), state => Assert.NotNull(WorkflowJson.ReadState(state).Evolve(WorkflowJson.ReadEvent(json))));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_may_come_in_every_state_even_of_another_definition(string json) =>
        Assert.All(Golden("states"), state => Assert.False(
            Decider.Decide(FlowText.Read(["A -> B"]), WorkflowJson.ReadState(state), WorkflowJson.ReadCommand(json)).IsDefault));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"$type":"Unheard"}""")]
    [InlineData("""{"$type":"FailActivity","at":"2026-03-01T12:00:00+00:00","key":"i/2"}""")]
    [InlineData("""{"$type":"FailActivity","at":"2026-03-01T12:00:00+00:00","key":null,"message":"x"}""")]
    public void What_is_no_command_is_refused(string json) => Assert.ThrowsAny<Exception>(() => WorkflowJson.ReadCommand(json));

    [Fact]
    public void A_database_may_reorder_the_properties() => Assert.IsType<WorkflowCommand.Cancel>(
        WorkflowJson.ReadCommand("""{"reason":"x","at":"2026-03-01T12:00:00+00:00","$type":"Cancel"}"""));

    private static string[] Golden(string name) =>
        File.ReadAllLines(WorkflowFiles.Folder("tests", "Orchestrator.Core.Tests", "Workflows", "Golden", $"{name}.jsonl"));
}
