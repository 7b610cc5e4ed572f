using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Deployments;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Tests.Addresses;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Deployments;

/// <summary>A promotion is not over before serving has followed; where it does not follow, the champion before comes back.</summary>
public sealed class DeploymentTests : IDisposable
{
    private const string Plain = "{hook: serving}";
    private const string Confirmed = "{hook: serving, confirm_within: 3h}";

    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private LocalListener? _hook;
    private TinyNode? _tiny;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_promotion_ends_once_the_hook_knows_and_the_version_shows_in_the_log()
    {
        await OpenAsync(_ => 200, Confirmed);
        await _tiny!.MoveAsync(_hour);

        Assert.Equal((FixState.Running, "pets-2"), (_tiny.TheFix().State, _tiny.Champion()));
        Assert.Equal([("pets-2", DeploymentState.Waiting)], _tiny.Deployed());
        await _tiny.ReopenAsync(); // the wait survives the process
        await _tiny.MoveAsync(_hour);
        Assert.Equal(FixState.Running, _tiny.TheFix().State);
        _tiny.Served("pets-2", TinyNode.Start + _hour);
        await _tiny.MoveAsync(_hour);

        Assert.Equal((FixState.Succeeded, "pets-2"), (_tiny.TheFix().State, _tiny.Champion()));
        Assert.Equal([("pets-2", DeploymentState.Confirmed)], _tiny.Deployed());
        Assert.Single(_hook!.Requests);
    }

    [Fact]
    public async Task The_hook_is_told_what_is_to_serve_signed_and_under_a_key()
    {
        await OpenAsync(_ => 200, Plain);
        await _tiny!.MoveAsync(_hour);

        Assert.Equal(FixState.Succeeded, _tiny.TheFix().State);
        var received = Assert.Single(_hook!.Requests);
        var body = JsonElement.Parse(received.Body);
        string? Text(string name) => body.GetProperty(name).GetString();
        Assert.Equal(
            ("promotion", "pets", "pets-2", "pets-1", $"{_tiny.TheFix().InstanceId}/3", "2026-01-05T01:00:00+00:00"),
            (Text("event"), Text("model"), Text("version"), Text("previous"), Text("key"), Text("at")));
        Assert.Equal(Digest.Of("two"), Text("digest"));
        Assert.Equal(Signature.Of("opensesame", received.Headers["webhook-id"], _tiny.Real.GetUtcNow(), System.Text.Encoding.UTF8.GetBytes(received.Body)), received.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task A_hook_that_fails_three_times_is_told_a_fourth_time_under_the_same_key()
    {
        await OpenAsync(_ => _hook!.Requests.Count <= 3 ? 500 : 200, Plain);
        await _tiny!.MoveAsync(_hour);
        Assert.Equal(FixState.Running, _tiny.TheFix().State);
        await _tiny.TryAgainAsync(3);

        Assert.Equal((FixState.Succeeded, "pets-2", 4), (_tiny.TheFix().State, _tiny.Champion(), _hook!.Requests.Count));
        Assert.Single(_hook.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
    }

    [Theory]
    [InlineData(500, "it answered 500")]
    [InlineData(LocalListener.Never, "it did not answer within 0.3 s")]
    public async Task A_hook_that_never_takes_it_fails_the_fix_and_the_champion_before_is_back(int status, string reason)
    {
        await OpenAsync(_ => status, Confirmed, patienceSeconds: status == LocalListener.Never ? 0.3 : 60);
        await _tiny!.MoveAsync(_hour);
        await _tiny.TryAgainAsync(DeploymentEffect.Tries - 1);

        Assert.Equal("pets-1", _tiny.Champion());
        Assert.Equal(FixState.Failed, _tiny.TheFix().State);
        Assert.Contains($"the hook \"serving\" did not take the promotion of pets-2: {reason}, 10 times; pets-1 is the champion again", _tiny.TheFix().Reason, StringComparison.Ordinal);
        Assert.Equal([("pets-1", DeploymentState.Telling), ("pets-2", DeploymentState.Failed)], _tiny.Deployed());

        // The way back is told as well, and ends too.
        await _tiny.TryAgainAsync(DeploymentEffect.Tries);
        Assert.Equal([("pets-1", DeploymentState.Failed), ("pets-2", DeploymentState.Failed)], _tiny.Deployed());
        Assert.EndsWith("; pets-1 stays the champion", _tiny.Deployments()[0].Note, StringComparison.Ordinal);
        Assert.Equal(2 * DeploymentEffect.Tries, _hook!.Requests.Count);
    }

    [Fact]
    public async Task A_hook_that_refuses_is_not_asked_again()
    {
        await OpenAsync(request => request.Body.Contains("promotion", StringComparison.Ordinal) ? 403 : 200, Plain);
        await _tiny!.MoveAsync(_hour);

        Assert.Equal((FixState.Failed, "pets-1"), (_tiny.TheFix().State, _tiny.Champion()));
        Assert.Equal([("pets-1", DeploymentState.Told), ("pets-2", DeploymentState.Failed)], _tiny.Deployed());
    }

    [Fact]
    public async Task A_version_that_does_not_show_in_time_is_taken_back_and_the_hook_is_told()
    {
        await OpenAsync(_ => 200, Confirmed);
        await _tiny!.MoveAsync(_hour);
        _tiny.Served("pets-1", TinyNode.Start + (2 * _hour)); // the old one goes on
        await _tiny.MoveAsync(2 * _hour);
        Assert.Equal(FixState.Running, _tiny.TheFix().State);
        await _tiny.MoveAsync(_hour);

        Assert.Equal((FixState.Failed, "pets-1"), (_tiny.TheFix().State, _tiny.Champion()));
        Assert.Contains("pets-2 did not show in the prediction log within 3h; pets-1 is the champion again", _tiny.TheFix().Reason, StringComparison.Ordinal);
        Assert.Equal(["promotion pets-2", "rollback pets-1"], Told());
        _tiny.Served("pets-1", TinyNode.Start + (4 * _hour));
        await _tiny.MoveAsync(_hour);
        Assert.Equal([("pets-1", DeploymentState.Confirmed), ("pets-2", DeploymentState.Failed)], _tiny.Deployed());
    }

    [Fact]
    public async Task A_row_that_names_the_version_from_before_the_promotion_confirms_nothing()
    {
        await OpenAsync(_ => 200, Confirmed);
        _tiny!.Served("pets-2", TinyNode.Start);
        await _tiny!.MoveAsync(_hour);
        await _tiny.MoveAsync(_hour);
        Assert.Equal([("pets-2", DeploymentState.Waiting)], _tiny.Deployed());
    }

    [Fact]
    public async Task A_process_that_is_killed_between_the_hook_and_the_record_tells_it_again_under_the_same_key_and_counts_it_once()
    {
        await OpenAsync(_ => 200, Plain);
        await _tiny!.Node.Database.WriteAsync(tx => _tiny.Node.Story!.Move(tx, TinyNode.Start + _hour), Cancel);
        await _tiny.UntilTellingAsync();
        var node = _tiny!.Node;
        var claim = new Claim("killed", [DeploymentEffect.KindName], node.Clocks.Now, node.Clocks.Real.GetUtcNow(), TimeSpan.FromSeconds(30));
        var attempt = await node.Database.WriteAsync(tx => EffectStore.Claim(tx, claim), Cancel);
        Assert.IsType<EffectOutcome.Done>(await Handler(node).RunAsync(attempt!, Cancel));

        await _tiny.ReopenAsync();
        await _tiny.SettleAsync();

        Assert.Equal(2, _hook!.Requests.Count);
        Assert.Single(_hook.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
        Assert.Equal(FixState.Succeeded, _tiny.TheFix().State);
        Assert.Single(_tiny.Node.Database.Read(connection => ChampionStore.History(connection, "pets")), move => move.To == "pets-2");
    }

    [Fact]
    public async Task Undoing_a_fix_tells_the_hook_and_waits_for_it()
    {
        await OpenAsync(request => request.Body.Contains("rollback", StringComparison.Ordinal) && _hook!.Requests.Count == 2 ? 503 : 200, Plain, ", verify: {expr: \"data_rows > 1000\", within: 2h, otherwise: compensate}");
        await _tiny!.MoveAsync(_hour);
        await _tiny.MoveAsync(2 * _hour);
        Assert.Equal((FixState.Compensating, "pets-1"), (_tiny.TheFix().State, _tiny.Champion()));
        await _tiny.TryAgainAsync(1);

        Assert.Equal(FixState.Compensated, _tiny.TheFix().State);
        Assert.Equal(["promotion pets-2", "rollback pets-1", "rollback pets-1"], Told());
    }

    [Fact]
    public async Task A_move_by_hand_that_serving_does_not_follow_is_told_to_people()
    {
        using var people = new LocalListener(_ => 200);
        await OpenAsync(request => request.Body.Contains("rollback", StringComparison.Ordinal) ? 404 : 200, Plain);
        await _tiny!.MoveAsync(_hour);
        _tiny.Author("secrets/told", people.Url + "\n");
        _tiny.Outside += "\ntargets: {told: {kind: webhook, url_file: secrets/told, allow_private: true}}\nnotify: [{events: [deployment_failed], target: told}]";
        await _tiny.ReopenAsync();
        await _tiny.Node.Champions.RollBackAsync(new ChampionChange("hand:1", "pets", "ann@example.org", "slow", _tiny.Node.Clocks.Now), Cancel);
        await _tiny.SettleAsync();

        var told = JsonElement.Parse(Assert.Single(people.Requests).Body);
        Assert.Equal(
            ("deployment_failed", "pets", "The rollback to pets-1 of the model pets did not reach serving: the hook \"serving\" did not take the rollback of pets-1: it answered 404; pets-1 stays the champion."),
            (told.GetProperty("event").GetString(), told.GetProperty("model").GetString(), told.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task A_rollback_by_hand_is_told_too()
    {
        await OpenAsync(_ => 200, Plain);
        await _tiny!.MoveAsync(_hour);
        await _tiny!.Node.Champions.RollBackAsync(new ChampionChange("hand:1", "pets", "ann@example.org", "slow", _tiny.Node.Clocks.Now), Cancel);
        await _tiny.SettleAsync();

        Assert.Equal(["promotion pets-2", "rollback pets-1"], Told());
        Assert.Equal([("pets-1", DeploymentState.Told), ("pets-2", DeploymentState.Told)], _tiny.Deployed().OrderBy(one => one.Item1));
    }

    public void Dispose()
    {
        _tiny?.Dispose();
        _hook?.Dispose();
    }

    private static DeploymentEffect Handler(Node node) => new(
        node.Database,
        new DeploymentDesk(node.Authored, node.Effects, node.Workflows, node.Clocks),
        new HookCall(node.Options, new HttpPost(Dialer.System, node.Clocks.Real, TimeSpan.FromSeconds(5))),
        new PredictionLog(node.Revisions, new DatasetAccess(node.Authored, node.Versions, node.Database, node.Options.Analytics), node.Workspace),
        node.Champions,
        node.Clocks);

    private IEnumerable<string> Told() => _hook!.Requests.Select(request => JsonElement.Parse(request.Body)).Select(body => $"{body.GetProperty("event")} {body.GetProperty("version")}");

    private async Task OpenAsync(Func<Received, int> answer, string deploy, string verify = "", double patienceSeconds = 60)
    {
        _hook = new LocalListener(answer);
        _tiny = await ServedNode.OpenAsync(_hook.Url, deploy, verify, TimeSpan.FromSeconds(patienceSeconds));
    }
}
