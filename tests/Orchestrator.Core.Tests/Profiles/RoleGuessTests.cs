using System.Collections.Immutable;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Profiles;

namespace Orchestrator.Core.Tests.Profiles;

public sealed class RoleGuessTests
{
    private const long Rows = 1000;

    private static readonly ColumnProfile _id = new("customer_id", ColumnKind.Whole, Rows, Rows, 0, false, []);
    private static readonly ColumnProfile _plan = new("plan", ColumnKind.Category, Rows, 2, 1, false, [new("basic", 500), new("gold", 500)]);
    private static readonly ColumnProfile _amount = new("amount", ColumnKind.Floating, Rows, 900, 0, false, []);
    private static readonly ColumnProfile _signed = new("signed_up", ColumnKind.Instant, Rows, 300, 0, false, []);
    private static readonly ColumnProfile _churned = new("churned", ColumnKind.Category, Rows, 2, 1, false, [new("no", 900), new("yes", 100)]);
    private static readonly ColumnProfile _same = new("country", ColumnKind.Category, Rows, 1, 1, false, [new("NL", Rows)]);
    private static readonly ColumnProfile _mail = new("email", ColumnKind.Category, Rows, 990, 1, false, []);

    [Fact]
    public void Id_time_label_and_the_rarer_class_are_guessed_and_useless_columns_left_out()
    {
        var roles = Guess(RoleWish.None, _id, _plan, _churned, _amount, _signed, _same, _mail);
        Assert.Equal(("customer_id", "signed_up", "churned", null), (roles.Id, roles.Time, roles.Label, roles.Text));
        Assert.Equal(new ModelTask.Binary("yes", 0.5), roles.Task);
        Assert.Equal([("country", "it has one value only"), ("email", "nearly every row has another value")], roles.Ignored);
        Assert.Equal(["plan"], roles.Segments);
        Assert.Empty(roles.Doubts);
    }

    [Fact]
    public void What_a_person_says_is_not_guessed()
    {
        var roles = Guess(new RoleWish("amount", null, null, null, null, ["churned"]), _id, _plan, _churned, _amount);
        Assert.Equal(("amount", new ModelTask.Regression()), (roles.Label, roles.Task));
        Assert.Contains(("churned", "you said so"), roles.Ignored);
        Assert.Contains(("label", "amount", "you said so"), roles.Reasons);
    }

    [Fact]
    public void Two_columns_that_could_both_be_the_label_are_told()
    {
        // A telling name (10) and no gap (1) each; the first place (1) weighs as much as few values (1), and of equals the first is taken.
        var roles = Guess(RoleWish.None, _amount with { Name = "y" }, _churned with { Name = "outcome" }, _plan);
        Assert.Equal(["the label could also be \"outcome\": say --label"], roles.Doubts);
    }

    [Theory]
    [InlineData("churnd", null, "there is no column \"churnd\" to be the label; there are customer_id, churned; did you mean churned?")]
    [InlineData("churned", "maybe", "no row has the label \"maybe\"; there are no, yes")]
    public void A_name_that_the_file_does_not_have_is_refused_with_the_nearest(string label, string? positive, string expected)
    {
        var outcome = RoleGuess.Of(new FileProfile(Rows, [_id, _churned]), new RoleWish(label, null, null, null, positive, []), _ => []);
        Assert.Equal(new GuessOutcome.Refused(expected), outcome);
    }

    private static GuessedRoles Guess(RoleWish wish, params ImmutableArray<ColumnProfile> columns) =>
        Assert.IsType<GuessOutcome.Guessed>(RoleGuess.Of(new FileProfile(Rows, columns), wish, _ => [])).Roles;
}
