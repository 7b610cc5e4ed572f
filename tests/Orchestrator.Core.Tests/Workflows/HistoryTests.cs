using System.Text.Json;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>Histories that earlier releases recorded: the same commands must still lead to the same events, effects and states.</summary>
public sealed class HistoryTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(WorkflowFiles.Folder("tests", "histories"), "*.json").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void It_runs_today_as_it_ran_then(string file)
    {
        using var history = JsonDocument.Parse(Repository.Text($"tests/histories/{file}"));
        var definition = WorkflowDefinition.Read(file, history.RootElement.GetProperty("definition").GetRawText()).Definition!;
        var state = InstanceState.Of(history.RootElement.GetProperty("instance").GetString()!);
        foreach (var step in history.RootElement.GetProperty("steps").EnumerateArray())
        {
            var events = Decider.Decide(definition, state, WorkflowJson.ReadCommand(step.GetProperty("command").GetRawText()));
            Same(step, "events", events.Select(WorkflowJson.Write));
            Same(step, "effects", WorkflowEffects.Of(state, events).Select(WorkflowJson.Write));
            state = events.Aggregate(state, (before, happened) => before.Evolve(happened));
        }

        Assert.True(JsonElement.DeepEquals(history.RootElement.GetProperty("state"), JsonDocument.Parse(WorkflowJson.Write(state)).RootElement));
        Assert.Equal(history.RootElement.GetProperty("hash").GetString(), WorkflowProjection.Hash(definition));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_journal_gives_its_state(string file)
    {
        using var history = JsonDocument.Parse(Repository.Text($"tests/histories/{file}"));
        var journal = history.RootElement.GetProperty("steps").EnumerateArray().SelectMany(step => step.GetProperty("events").EnumerateArray());
        var state = InstanceState.Replay(history.RootElement.GetProperty("instance").GetString()!, journal.Select(happened => WorkflowJson.ReadEvent(happened.GetRawText())));
        Assert.True(JsonElement.DeepEquals(history.RootElement.GetProperty("state"), JsonDocument.Parse(WorkflowJson.Write(state)).RootElement));
    }

    private static void Same(JsonElement step, string property, IEnumerable<string> actual) =>
        Assert.Equal(step.GetProperty(property).EnumerateArray().Select(item => JsonSerializer.Serialize(item)), actual.Select(json => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement)));
}
