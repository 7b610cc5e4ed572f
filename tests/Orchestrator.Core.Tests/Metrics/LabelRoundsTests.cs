using Orchestrator.Core.Metrics.LabelErrors;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class LabelRoundsTests
{
    [Fact]
    public void One_round_asks_for_the_whole_budget_and_is_the_last_even_where_there_were_fewer_rows()
    {
        var rounds = new LabelRounds(225);

        Assert.Equal(225, rounds.Next(0, 0, 0));
        Assert.Equal(0, rounds.Next(225, 225, 179));
        Assert.Equal(0, rounds.Next(40, 40, 40));
    }

    [Fact]
    public void Rounds_are_of_one_size_and_the_last_asks_for_what_is_left()
    {
        var rounds = new LabelRounds(10, Rounds: 4);

        Assert.Equal([3, 3, 3, 1, 0], new[] { 0, 3, 6, 9, 10 }.Select(asked => rounds.Next(asked, 3, 3)));
    }

    [Theory]
    [InlineData(20, 100, 20, 100)]
    [InlineData(20, 100, 19, 0)]
    [InlineData(0, 100, 0, 100)]
    [InlineData(0, 0, 0, 0)] // nobody answers
    public void A_round_that_yields_too_little_is_the_last(int percent, int answered, int changed, int next) =>
        Assert.Equal(next, new LabelRounds(300, 3, percent / 100.0).Next(100, answered, changed));
}
