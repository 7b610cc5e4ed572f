using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

public sealed class StorySetupTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public StorySetupTests() => File.WriteAllText(_folder["orchestrator.yaml"], "folder: rules\n");

    [Fact]
    public void A_folder_stands_for_all_scenarios_in_it()
    {
        Write("b", "b", "2026-01-05T00:00:00Z");
        Write("a", "a", "2026-01-05T00:00:00Z");

        Assert.Equal(["a", "b"], StorySetup.ReadAll([_folder.Path]).Select(setup => setup.Scenario.Name));
    }

    [Fact]
    public void Scenarios_that_do_not_begin_together_are_not_played_together()
    {
        Write("a", "a", "2026-01-05T00:00:00Z");
        Write("b", "b", "2026-01-06T00:00:00Z");

        var error = Assert.Throws<StoryException>(() => StorySetup.ReadAll([_folder["a.scenario.yaml"], _folder["b.scenario.yaml"]]));

        Assert.Equal(
            $"{_folder["b.scenario.yaml"]}: \"start\" is 2026-01-06 00:00:00Z, but 2026-01-05 00:00:00Z in {_folder["a.scenario.yaml"]}; scenarios that are played together share it",
            error.Message);
    }

    [Fact]
    public void Two_scenarios_of_one_name_cannot_be_told_apart()
    {
        Write("a", "same", "2026-01-05T00:00:00Z");
        Write("b", "same", "2026-01-05T00:00:00Z");

        Assert.Equal("2 scenarios are named same: each has a name of its own", Assert.Throws<StoryException>(() => StorySetup.ReadAll([_folder.Path])).Message);
    }

    [Fact]
    public void A_folder_without_a_scenario_is_told() =>
        Assert.Equal($"the folder {_folder.Path} has no NAME.scenario.yaml", Assert.Throws<StoryException>(() => StorySetup.ReadAll([_folder.Path])).Message);

    public void Dispose() => _folder.Dispose();

    private void Write(string file, string name, string start) => File.WriteAllText(
        _folder[$"{file}.scenario.yaml"], $"scenario: {name}\nconfig: orchestrator.yaml\nstart: {start}\nuntil: 1d\narrivals: [{{dataset: d, file: d.csv}}]\n");
}
