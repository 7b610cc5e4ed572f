using Orchestrator.Core.Fixes;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>A fix that could change more of a dataset than its rule allows is not proposed.</summary>
public sealed class BlastRadiusTests
{
    [Theory]
    [InlineData("6%", FixState.Failed)] // 3 of 45 rows are 6.67 %
    [InlineData("7%", FixState.Running)]
    public async Task Max_rows_per_fix_is_held_before_a_plan_is_proposed(string share, FixState state)
    {
        using var tiny = new TinyNode();
        await Pets.OpenAsync(tiny, Pets.Rows(20, 20, 5, 3));
        tiny.Author("rules/pets.rules.yaml", Pets.Rules.Replace("      approval: auto", $"      limits: {{max_rows_per_fix: {share}}}\n          approval: auto", StringComparison.Ordinal));
        await tiny.ReadAsync("RULE209", "RULE213");

        await tiny.Node.TrainFirstAsync("pets", "ann@example.org", TestContext.Current.CancellationToken);
        await tiny.MoveAsync(TimeSpan.FromDays(1));

        var fix = tiny.TheFix();
        Assert.Equal(state, fix.State);
        Assert.Equal(state == FixState.Failed, fix.Reason?.StartsWith("it could change 3 of 45 rows of pets, more than the 6 % of the rule's max_rows_per_fix", StringComparison.Ordinal) == true);
    }
}
