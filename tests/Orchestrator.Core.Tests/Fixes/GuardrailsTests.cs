using System.Collections.Immutable;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Core.Tests.Fixes;

public sealed class GuardrailsTests
{
    private const string Key = "LabelErrors|digits|digits-train";
    private static readonly DateTimeOffset _now = FixStory.Start;
    private static readonly FixLimits _none = new(TimeSpan.Zero, null, null, null, []);
    private static readonly PastFix _past = new("LabelErrors", "digits", Key, FixState.Succeeded, _now.AddHours(-10), _now.AddHours(-8), 100);

    [Fact]
    public void Nothing_speaks_against_the_first_fix() => Assert.Null(Objection(_none));

    [Fact]
    public void The_kill_switch_holds_everything_back()
    {
        Assert.Equal("the kill switch is on", Guardrails.Objection(FixStory.Open(), 180, _none, new([], [], Stopped: true)));
        Assert.Equal("the kill switch is on", Guardrails.StartObjection(FixStory.In(FixState.Approved), new([], [], Stopped: true), _now));
    }

    [Theory]
    [InlineData(FixState.Preparing, true)]
    [InlineData(FixState.Proposed, true)]
    [InlineData(FixState.Approved, true)]
    [InlineData(FixState.Running, true)]
    [InlineData(FixState.Verifying, true)]
    [InlineData(FixState.Compensating, true)]
    [InlineData(FixState.Succeeded, false)]
    [InlineData(FixState.Failed, false)]
    [InlineData(FixState.Compensated, false)]
    [InlineData(FixState.Rejected, false)]
    [InlineData(FixState.Expired, false)]
    [InlineData(FixState.Superseded, false)]
    public void One_open_fix_per_key(FixState state, bool objects)
    {
        Assert.Equal(objects ? "a fix for the same thing is open" : null, Objection(_none, _past with { State = state }));
        Assert.Null(Objection(_none, _past with { State = state, DedupKey = "another" }));
    }

    [Fact]
    public void A_firing_alert_that_inhibits_holds_the_fix_back()
    {
        var limits = _none with { InhibitedBy = ["BadDeployment", "DataLate"] };

        Assert.Equal("inhibited by the alert DataLate", Guardrails.Objection(FixStory.Open(), 180, limits, new([], ["LabelErrors", "DataLate"], false)));
        Assert.Null(Guardrails.Objection(FixStory.Open(), 180, limits, new([], ["LabelErrors", "badDeployment"], false)));
    }

    [Fact]
    public void Cooling_down_counts_from_the_end_of_the_last_fix_of_the_key_to_the_instant_itself()
    {
        var limits = _none with { Cooldown = TimeSpan.FromHours(8) };

        Assert.Null(Objection(limits, _past));
        Assert.Equal("cooling down until 2026-01-05 08:00:00Z", Objection(limits, _past with { EndedAt = _now.AddHours(-8).AddTicks(1) }));
        Assert.Equal("cooling down until 2026-01-05 15:00:00Z", Objection(limits, _past with { EndedAt = _now.AddHours(-1) }, _past));
        Assert.Null(Objection(limits, _past with { EndedAt = _now.AddHours(-1), DedupKey = "another" }));
    }

    [Theory]
    [InlineData(FixState.Succeeded, true)]
    [InlineData(FixState.Rejected, true)]
    [InlineData(FixState.Expired, true)]
    [InlineData(FixState.Superseded, false)]
    public void A_fix_whose_ground_has_moved_cools_nothing_down(FixState state, bool objects) =>
        Assert.Equal(objects, Objection(_none with { Cooldown = TimeSpan.FromHours(24) }, _past with { State = state }) is not null);

    [Fact]
    public void Three_fixes_in_a_row_that_did_not_help_wait_for_a_person()
    {
        const string Tripped = "the last 3 fixes did not help: a person has to look";

        Assert.Equal(Tripped, Objection(_none, Ended(FixState.Failed, FixState.Compensated, FixState.Failed)));
        Assert.Equal(Tripped, Objection(_none, Ended(FixState.Failed, FixState.Compensated, FixState.Failed, FixState.Succeeded)));
        Assert.Null(Objection(_none, Ended(FixState.Failed, FixState.Failed)));
        Assert.Null(Objection(_none, Ended(FixState.Failed, FixState.Succeeded, FixState.Failed, FixState.Failed)));
        Assert.Null(Objection(_none, [.. Ended(FixState.Failed, FixState.Failed, FixState.Failed).Select(past => past with { DedupKey = "another" })]));
    }

    [Theory]
    [InlineData(FixState.Rejected)]
    [InlineData(FixState.Expired)]
    [InlineData(FixState.Superseded)]
    public void A_fix_that_never_ran_says_nothing_about_the_row(FixState unrun)
    {
        Assert.NotNull(Objection(_none, Ended(FixState.Failed, unrun, FixState.Failed, FixState.Failed)));
        Assert.Null(Objection(_none, Ended(unrun, unrun, unrun)));
    }

    [Fact]
    public void So_many_fixes_of_a_rule_in_a_sliding_period()
    {
        var limits = _none with { FixesPerPeriod = new(2, TimeSpan.FromDays(1)) };
        var old = _past with { DedupKey = "another", OpenedAt = _now.AddDays(-1) };

        Assert.Null(Objection(limits, _past, old));
        Assert.Equal("the limit of 2 fixes in 1.00:00:00 is reached", Objection(limits, _past, old with { OpenedAt = old.OpenedAt.AddTicks(1) }));
        Assert.Null(Objection(limits, _past, old with { OpenedAt = _now, Rule = "ClassDrift" }));
    }

    [Fact]
    public void So_many_labels_of_a_rule_in_a_sliding_period_with_those_it_is_about_to_ask_for()
    {
        var limits = _none with { LabelsPerPeriod = new(500, TimeSpan.FromDays(7)) };
        var past = _past with { OpenedAt = _now.AddDays(-7).AddTicks(1), LabelBudget = 320 };

        Assert.Null(Objection(limits, past));
        Assert.Equal("the limit of 500 labels in 7.00:00:00 is reached", Objection(limits, past with { LabelBudget = 321 }));
        Assert.Null(Objection(limits, past with { LabelBudget = 321, OpenedAt = _now.AddDays(-7) }));
        Assert.Null(Objection(limits, past with { LabelBudget = 321, Rule = "ClassDrift" }));
        Assert.Equal("the limit of 500 labels in 7.00:00:00 is reached", Guardrails.Objection(FixStory.Open(), 501, limits, Context()));
    }

    [Theory]
    [InlineData(FixState.Approved, false)]
    [InlineData(FixState.Running, true)]
    [InlineData(FixState.Verifying, true)]
    [InlineData(FixState.Compensating, true)]
    [InlineData(FixState.Succeeded, false)]
    public void One_fix_at_a_time_works_on_a_model(FixState other, bool objects)
    {
        var busy = _past with { Rule = "ClassDrift", DedupKey = "another", State = other };
        var approved = FixStory.In(FixState.Approved);

        Assert.Equal(objects ? "another fix of the model digits is at work (rule ClassDrift)" : null, Guardrails.StartObjection(approved, Context(busy), _now));
        Assert.Null(Guardrails.StartObjection(approved, Context(busy with { Model = "churn" }), _now));
        Assert.Null(Guardrails.StartObjection(approved with { Model = null }, Context(busy with { Model = null }), _now));
    }

    [Fact]
    public void What_came_up_since_the_opening_holds_an_approved_fix_back_from_its_start()
    {
        var inhibited = FixStory.In(FixState.Approved, FixStory.Terms with { InhibitedBy = ["BadDeployment"] });
        var hours = FixStory.In(FixState.Approved, FixStory.Terms with { ActiveHours = "Mon-Fri 09:00-18:00" }); // it is Monday, 8 o'clock

        Assert.Equal("inhibited by the alert BadDeployment", Guardrails.StartObjection(inhibited, Context() with { Firing = ["BadDeployment"] }, _now));
        Assert.Null(Guardrails.StartObjection(inhibited, Context() with { Firing = ["LabelErrors"] }, _now));
        Assert.Equal("outside of the active hours Mon,Tue,Wed,Thu,Fri 09:00-18:00 UTC", Guardrails.StartObjection(hours, Context(), _now));
        Assert.Null(Guardrails.StartObjection(hours, Context(), _now.AddHours(1)));
    }

    [Fact]
    public void A_persons_word_frees_a_key_until_three_further_fixes_did_not_help()
    {
        var failed = Ended(FixState.Failed, FixState.Failed, FixState.Failed);
        var reset = failed.Max(past => past.OpenedAt);

        Assert.NotNull(Guardrails.Objection(FixStory.Open(), 180, _none, Context(failed)));
        Assert.Null(Guardrails.Objection(FixStory.Open(), 180, _none, Context(failed) with { BreakerReset = reset }));
        Assert.NotNull(Guardrails.Objection(FixStory.Open(), 180, _none, Context(failed) with { BreakerReset = failed.Min(past => past.OpenedAt).AddTicks(-1) }));
    }

    private static string? Objection(FixLimits limits, params PastFix[] past) => Guardrails.Objection(FixStory.Open(), 180, limits, Context(past));

    private static GuardrailContext Context(params PastFix[] past) => new([.. past], [], false);

    /// <summary>Fixes of the key, newest first, a day apart, the newest a day ago.</summary>
    private static PastFix[] Ended(params FixState[] states) =>
        [.. states.Select((state, days) => _past with { State = state, OpenedAt = _now.AddDays(-days - 1), EndedAt = _now.AddDays(-days - 1).AddHours(1) }).Reverse()];
}
