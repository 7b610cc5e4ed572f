using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Tests.Addresses;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Notifications;

/// <summary>Who is told of what, once, over a real connection.</summary>
public sealed class AnnouncerTests : IDisposable
{
    private const string Team = "team";

    private readonly LocalListener _listener = new(_ => 200);
    private TinyNode? _tiny;

    [Fact]
    public async Task A_proposed_fix_is_told_once_with_what_it_is_about_and_what_to_do_next()
    {
        await OpenAsync("fix_proposed", Team);
        await _tiny!.MoveAsync(TimeSpan.FromDays(1));
        await _tiny.ReopenAsync();
        await _tiny.SettleAsync();

        var told = Body();
        var fix = _tiny.TheFix();
        Assert.Equal(
            ("fix_proposed", "test", $"The fix {fix.Id} of the rule Wrong for the model pets waits for approval.", "pets", "Wrong"),
            (Text(told, "event"), Text(told, "environment"), Text(told, "text"), Text(told, "model"), Text(told, "rule")));
        Assert.Equal(
            ($"{fix.FindingId}: 10 pets <look> wrong", $"orchestrator fixes show {fix.Id}", $"https://orchestrator.example.com/#{fix.Id}"),
            (Text(told, "finding"), Text(told, "next"), Text(told, "link")));
        Assert.Empty(_tiny.Messages());
    }

    [Fact]
    public async Task Who_wants_to_hear_of_other_owners_or_other_events_hears_nothing()
    {
        await OpenAsync("fix_proposed", "others");
        await _tiny!.MoveAsync(TimeSpan.FromDays(1));
        Assert.Empty(_listener.Requests);

        _tiny.Dispose();
        await OpenAsync("rule_error", Team);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Empty(_listener.Requests);
    }

    [Fact]
    public async Task People_are_reminded_when_a_quarter_of_the_time_is_left_and_only_while_the_proposal_stands()
    {
        await OpenAsync("approval_expiring", Team);
        await _tiny!.MoveAsync(TimeSpan.FromDays(1));
        await _tiny.MoveAsync(TimeSpan.FromMinutes(179));
        Assert.Empty(_listener.Requests);
        await _tiny.MoveAsync(TimeSpan.FromMinutes(1));

        Assert.Equal($"The fix {_tiny.TheFix().Id} of the rule Wrong for the model pets runs out at 2026-01-06 04:00:00Z unless somebody approves it.", Text(Body(), "text"));

        _tiny.Dispose();
        await OpenAsync("approval_expiring", Team);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        var fix = _tiny.TheFix();
        await _tiny.Node.CommandAsync(fix.Id, new FixCommand.Reject("lead@example.org", "no") { At = _tiny.Node.Clocks.Now }, "lead@example.org", TestContext.Current.CancellationToken);
        await _tiny.MoveAsync(TimeSpan.FromHours(3));
        Assert.Single(_listener.Requests);
    }

    [Fact]
    public async Task A_fix_that_fails_is_told_with_its_reason()
    {
        await OpenAsync("fix_failed", Team);
        await _tiny!.MoveAsync(TimeSpan.FromDays(1));
        await _tiny.ApproveAsync();

        // The rule's own workflow wants to write to a target that has no file.
        Assert.Equal(FixState.Failed, _tiny.TheFix().State);
        Assert.Equal(
            $"The fix {_tiny.TheFix().Id} of the rule Wrong for the model pets failed: Not sent: The message could not be sent. Before: Notify: the target \"asked\" did not take it: the file secrets/none does not exist.",
            Text(Body(), "text"));
        Assert.DoesNotContain(_tiny.WorkOfTheFix(), work => work.State == "parked");
    }

    [Fact]
    public async Task A_target_that_never_takes_a_message_is_shown_as_parked_work_and_holds_nothing_back()
    {
        using var broken = new LocalListener(_ => 500);
        await OpenAsync("fix_proposed", Team, broken.Url);
        await _tiny!.MoveAsync(TimeSpan.FromDays(1));
        await _tiny.ApproveAsync();
        Assert.Equal(FixState.Failed, _tiny.TheFix().State); // it went its way meanwhile

        for (var attempt = 1; attempt < EffectWorker.AttemptLimit; attempt++)
        {
            _tiny.Real.Advance(TimeSpan.FromSeconds(30));
            await _tiny.SettleAsync();
        }

        var parked = Assert.Single(_tiny.Messages());
        Assert.Equal(("parked", EffectWorker.AttemptLimit, "the target \"told\" did not take it: it answered 500"), (parked.State, parked.Attempts, parked.Note));
        Assert.Equal((EffectWorker.AttemptLimit, 1), (broken.Requests.Count, broken.Requests.Select(request => request.Headers["webhook-id"]).Distinct().Count()));
        Assert.DoesNotContain("secret-path", await File.ReadAllTextAsync(_tiny.PathOf("workspace/orchestrator.db"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_be_refused_again_is_parked_at_once()
    {
        using var broken = new LocalListener(_ => 404);
        await OpenAsync("fix_proposed", Team, broken.Url);
        await _tiny!.MoveAsync(TimeSpan.FromDays(1));
        Assert.Equal(("parked", 1), _tiny.Messages().Select(work => (work.State, work.Attempts)).Single());
    }

    [Fact]
    public async Task Work_that_is_set_aside_is_told()
    {
        await OpenAsync("work_parked", null);
        var broken = new Effect("timer:x:y", "timer", "x", "no JSON", TinyNode.Start, Repeatable: false);
        await _tiny!.Node.Database.WriteAsync(tx => _tiny.Node.Effects.Add(tx, broken, TinyNode.Start), TestContext.Current.CancellationToken);
        await _tiny.SettleAsync();

        Assert.StartsWith("The work timer:x:y was set aside for a person: ", Text(Body(), "text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_cannot_be_evaluated_is_told_when_it_begins_to_fail_and_not_again()
    {
        const string Broken = """
            groups:
              - name: pets
                interval: 1d
                model: pets
                rules:
                  - alert: Odd
                    expr: data_rows + on (model) data_rows > 0
                    owner: team
            """;
        await OpenAsync("rule_error", Team, rules: Broken);
        await _tiny!.MoveAsync(TimeSpan.FromDays(1));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        var told = Body();
        Assert.StartsWith("The rule Odd of the group pets cannot be evaluated: ", Text(told, "text"), StringComparison.Ordinal);
        Assert.Equal(("Odd", "pets"), (Text(told, "rule"), Text(told, "model")));
    }

    [Fact]
    public async Task Rules_that_are_refused_are_told_once_and_again_when_something_else_is_wrong()
    {
        await OpenAsync("rule_error", null);
        _tiny!.Author("rules/pets.rules.yaml", "groups: []\nunknown: 1\n");
        await _tiny.Node.Revisions.SyncAsync(TestContext.Current.CancellationToken);
        await _tiny.Node.Revisions.SyncAsync(TestContext.Current.CancellationToken);
        await _tiny.ReopenAsync();
        await _tiny.SettleAsync();

        Assert.Matches(
            @"^The rules of .* were refused, and what was in force stays in force: rules/pets\.rules\.yaml:2:1: YAML020 unknown field ""unknown""; .*\.$", Text(Body(), "text"));
        await _tiny.Node.Database.WriteAsync(tx => _tiny.Node.Story!.Move(tx, TinyNode.Start + TimeSpan.FromMinutes(1)), TestContext.Current.CancellationToken);
        _tiny.Author("rules/pets.rules.yaml", "groups: []\nunheard: 1\n");
        await _tiny.Node.Revisions.SyncAsync(TestContext.Current.CancellationToken);
        await _tiny.SettleAsync();
        Assert.Equal(2, _listener.Requests.Count);
    }

    [Fact]
    public async Task Nothing_leaves_a_story()
    {
        _tiny = await ToldNode.OpenAsync("");
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.False(_tiny.Node.Options.SendsOut);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _tiny?.Dispose();
    }

    private async Task OpenAsync(string happening, string? owner, string? url = null, string? rules = null)
    {
        var hears = owner is null ? "" : $", owner: {owner}";
        _tiny = await ToldNode.OpenAsync(
            $$"""
            public_url: https://orchestrator.example.com/
            targets:
              told: {kind: webhook, url_file: secrets/told, allow_private: true}
              asked: {kind: slack, url_file: secrets/none}
            notify: [{events: [{{happening}}]{{hears}}, target: told}, {events: [{{happening}}]{{hears}}, target: told}]
            """,
            rules);
        _tiny.Author("secrets/told", (url ?? _listener.Url) + "\n");
    }

    private JsonElement Body() => JsonElement.Parse(Assert.Single(_listener.Requests).Body);

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();
}
