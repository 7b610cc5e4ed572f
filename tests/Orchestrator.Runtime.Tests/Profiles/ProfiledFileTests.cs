using Orchestrator.Core.Monitors;
using Orchestrator.Core.Profiles;
using Orchestrator.Runtime.Profiles;

namespace Orchestrator.Runtime.Tests.Profiles;

public sealed class ProfiledFileTests
{
    [Fact]
    public void Of_adult_the_income_is_the_label_and_people_of_high_income_are_the_rarer_class()
    {
        using var file = ProfiledFile.Open(SharedData.File("adult", "train.csv"));
        var roles = file.Guess(RoleWish.None);
        Assert.Equal(32561, file.Profile.Rows);
        Assert.Equal(("income", null, null, null), (roles.Label, roles.Id, roles.Time, roles.Text));
        Assert.Equal(new ModelTask.Binary(">50K", 0.5), roles.Task);
        Assert.Equal(LabelOrigin.Observed, roles.Origin);
        Assert.Empty(roles.Ignored);
        Assert.Contains("sex", roles.Segments);
    }

    [Fact]
    public void Of_messages_without_a_header_the_sentences_are_the_text_and_the_first_column_is_the_label()
    {
        using var file = ProfiledFile.Open(SharedData.File("sms-spam", "sms.tsv"));
        var roles = file.Guess(RoleWish.None);
        Assert.Equal((5574, false), (file.Profile.Rows, file.HasHeader));
        Assert.Equal(("column_0", "column_1"), (roles.Label, roles.Text));
        Assert.Equal(new ModelTask.Binary("spam", 0.5), roles.Task);
        Assert.Equal(LabelOrigin.Human, roles.Origin);
    }

    [Fact]
    public void Of_rented_bikes_the_count_is_the_label_and_the_two_counts_that_add_up_to_it_are_left_out()
    {
        using var file = ProfiledFile.Open(SharedData.File("bike-sharing", "hour.csv"));
        var roles = file.Guess(RoleWish.None);
        Assert.Equal(17379, file.Profile.Rows);
        Assert.Equal(("cnt", "instant", "dteday"), (roles.Label, roles.Id, roles.Time));
        Assert.Equal(new ModelTask.Regression(), roles.Task);
        Assert.Equal(["casual", "registered"], roles.Ignored.Select(one => one.Column).Order());
    }
}
