using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

public sealed class ActivityCatalogTests
{
    public static TheoryData<string> Types => [.. ActivityCatalog.Types];

    [Theory]
    [MemberData(nameof(Types))]
    public void No_input_or_output_is_called_like_a_property_of_every_activity(string type)
    {
        var descriptor = ActivityCatalog.Find(type)!;
        var names = descriptor.Inputs.Select(input => input.JsonName).Concat(descriptor.Outputs.Select(output => output.JsonName)).ToList();
        Assert.DoesNotContain(names, ActivityReader.Reserved.Contains);
        Assert.Distinct(names, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_default_is_of_its_inputs_type(string type)
    {
        foreach (var input in ActivityCatalog.Find(type)!.Inputs.Where(input => input.Default is not null))
        {
            Assert.Equal(input.Default!.Value.GetRawText(), ValueTypes.Convert(input.Type, input.Default.Value)?.GetRawText());
            Assert.False(input.Required);
        }
    }

    [Theory]
    [InlineData("Orchestrator.FindSuspects", "Found,None")]
    [InlineData("Orchestrator.Relabel", "Done,Timed out")]
    [InlineData("Orchestrator.SelectRows", "Found,Labelled,None")]
    [InlineData("Orchestrator.AwaitLabels", "Done,Timed out")]
    [InlineData("Orchestrator.RebuildDataset", "Done")]
    [InlineData("Orchestrator.Retrain", "Succeeded,Failed")]
    [InlineData("Orchestrator.Evaluate", "Done")]
    [InlineData("Orchestrator.Gate", "Promote,Hold,Reject")]
    [InlineData("Orchestrator.Promote", "Done")]
    [InlineData("Orchestrator.Rollback", "Done")]
    [InlineData("Orchestrator.Approval", "Approved,Rejected,Expired")]
    [InlineData("Orchestrator.Notify", "Done,Failed")]
    [InlineData("Orchestrator.Query", "Done")]
    [InlineData("Orchestrator.RunCommand", "Succeeded,Failed")]
    [InlineData("Elsa.FlowDecision", "True,False")]
    [InlineData("Elsa.Delay", "Done")]
    [InlineData("Elsa.Finish", "")]
    public void Outcomes_are_those_of_the_contract(string type, string outcomes) =>
        Assert.Equal(outcomes, string.Join(",", ActivityCatalog.Find(type)!.Outcomes));

    [Fact]
    public void What_can_be_undone_and_what_is_parked_on_doubt_is_stated()
    {
        Assert.Equal(
            ["Orchestrator.RebuildDataset", "Orchestrator.Promote"],
            ActivityCatalog.All.Where(descriptor => descriptor.HasCompensation).Select(descriptor => descriptor.Type));
        Assert.Equal(
            ["Orchestrator.RunCommand", "Orchestrator.Notify"],
            ActivityCatalog.All.Where(descriptor => descriptor.Repetition == Repetition.ParkOnDoubt).Select(descriptor => descriptor.Type));
    }
}
