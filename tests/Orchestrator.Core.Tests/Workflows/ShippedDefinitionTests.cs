using System.Text.Json;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

public sealed class ShippedDefinitionTests
{
    private const double NodeWidth = 200;
    private const double NodeHeight = 80;

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(WorkflowFiles.Folder("workflows"), "*.json").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void It_can_be_started_and_is_called_like_its_file(string file)
    {
        var definition = WorkflowFiles.Definition(file);
        Assert.Empty(definition.Diagnostics);
        Assert.True(definition.CanStart);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), definition.DefinitionId);
        Assert.NotEmpty(definition.Description);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void It_stands_in_the_file_as_it_is_written(string file) =>
        Assert.Equal(File.ReadAllText(Path.Combine(WorkflowFiles.Folder("workflows"), file)), WorkflowFiles.Definition(file).Write());

    [Theory]
    [MemberData(nameof(Files))]
    public void In_the_designer_no_activity_covers_another_and_flow_goes_right(string file)
    {
        var definition = WorkflowFiles.Definition(file);
        var activities = definition.Json.GetProperty("root").GetProperty("activities").EnumerateArray().ToDictionary(activity => activity.GetProperty("id").GetString()!, Position);
        foreach (var (id, (x, y)) in activities)
        {
            Assert.DoesNotContain(activities, other => other.Key != id && Math.Abs(other.Value.X - x) < NodeWidth && Math.Abs(other.Value.Y - y) < NodeHeight);
        }

        // A loop has to lead back somewhere.
        var onward = definition.Root!.Container!.Connections.Where(connection => !definition.Root.Container.Graph.IsBack(connection));
        Assert.All(onward, connection => Assert.True(activities[connection.Source].X + NodeWidth <= activities[connection.Target].X));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_activity_says_what_it_is_and_every_outcome_leads_on(string file)
    {
        var definition = WorkflowFiles.Definition(file);
        foreach (var activity in definition.Json.GetProperty("root").GetProperty("activities").EnumerateArray())
        {
            Assert.NotEmpty(activity.GetProperty("metadata").GetProperty("displayText").GetString()!);
            Assert.NotEmpty(activity.GetProperty("metadata").GetProperty("description").GetString()!);
            Assert.NotEmpty(activity.GetProperty("nodeId").GetString()!);
        }

        var connected = definition.Root!.Container!.Connections.Select(connection => (connection.Source, connection.Port)).ToHashSet();
        var ports = definition.Root.Container.Activities.SelectMany(activity => activity.Outcomes.Select(outcome => (activity.Id, outcome)));
        Assert.All(ports, port => Assert.Contains(port, connected));
    }

    [Fact]
    public void The_relabelling_asks_for_a_model_a_dataset_and_a_budget_and_takes_a_segment_and_rounds() =>
        Assert.Equal(
            [
                ("model", "String", true), ("dataset", "String", true), ("label_budget", "Int32", true), ("segment", "String", false),
                ("rounds", "Int32", false), ("min_yield", "Double", false), ("ranking", "String", false),
            ],
            WorkflowFiles.Definition("relabel-rebuild-retrain.json").Inputs.Select(input => (input.Name, input.Type, input.Required)));

    [Fact]
    public void The_refreshing_says_where_rows_come_from_and_how_many() =>
        Assert.Equal(
            [("model", "String", true), ("dataset", "String", true), ("from", "String", true), ("label_budget", "Int32", true), ("strategy", "String", false), ("segment", "String", false)],
            WorkflowFiles.Definition("refresh-retrain.json").Inputs.Select(input => (input.Name, input.Type, input.Required)));

    [Fact]
    public void The_refitting_says_where_rows_come_from_and_how_many() =>
        Assert.Equal(
            [("model", "String", true), ("dataset", "String", true), ("from", "String", true), ("rows", "Int32", true)],
            WorkflowFiles.Definition("refit.json").Inputs.Select(input => (input.Name, input.Type, input.Required)));

    private static (double X, double Y) Position(JsonElement activity)
    {
        var position = activity.GetProperty("metadata").GetProperty("designer").GetProperty("position");
        return (position.GetProperty("x").GetDouble(), position.GetProperty("y").GetDouble());
    }
}
