using System.Text;
using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Runners;

/// <summary>A trainer that hands its work on and calls back; the test is whoever it was handed to.</summary>
public sealed class ElsewhereTests : IDisposable
{
    private const string Secret = "opensesame";

    private const string HandsOn = """
        cp request.json "$KEEP/$(ls "$KEEP" | wc -l).json"
        echo '{"running": "job-7"}' > result.json
        """;

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_callback_ends_the_training_also_when_the_server_was_started_again_meanwhile()
    {
        await HandedOnAsync();
        await _tiny.ReopenAsync();
        await _tiny.SettleAsync();
        Assert.Equal(FixState.Running, _tiny.TheFix().State);
        var request = Request(0);
        Assert.True(File.Exists(request.GetProperty("rows").GetProperty("path").GetString()));
        await File.WriteAllTextAsync(Path.Combine(Folder(request), "model.txt"), "learnt\n", Cancel);

        Assert.Equal(new CallbackOutcome.Taken(true), await CallAsync($$$"""{"artifact": "model.txt", "sha256": "{{{Digest.Of("learnt\n")}}}", "metrics": {"loss": 0.25}}"""));
        Assert.Equal(new CallbackOutcome.Taken(false), await CallAsync("""{"error": "again"}"""));
        await _tiny.SettleAsync();

        Assert.Equal(FixState.Verifying, _tiny.TheFix().State);
        var version = Assert.Single(_tiny.Node.Database.Read(connection => ModelStore.List(connection, "pets")));
        Assert.Equal((Digest.Of("learnt\n"), "pets", _tiny.Node.Versions.Current("pets")!.Id), (version.Digest, version.Dataset, version.DatasetVersion));
        Assert.Equal("learnt\n", await _tiny.Node.Artifacts.ReadTextAsync(version.Digest, Cancel));
        Assert.False(Directory.Exists(Folder(request)));
        await _tiny.MoveAsync(TimeSpan.FromHours(2)); // its time-out is gone
        Assert.Single(Directory.GetFiles(_tiny.PathOf("kept")));
    }

    [Theory]
    [InlineData("{\"error\": \"out of quota\"}", "RUN013 by-hand: \"job-7\" failed: out of quota")]
    [InlineData("{\"artifact\": \"none.txt\"}", "RUN009 by-hand: its \"artifact\" is \"none.txt\"; allowed: a file in the folder that the request names")]
    [InlineData("{\"artifact\": \"../../../orchestrator.db\"}", "RUN009 by-hand: its \"artifact\" is \"../../../orchestrator.db\"; allowed: a file in the folder that the request names")]
    [InlineData("{\"artifact\": \"request.json\", \"sha256\": \"00\"}", "RUN010 by-hand: it states the digest 00, but its artifact has ")]
    public async Task What_is_no_good_end_fails_the_training_in_words(string answer, string told)
    {
        await HandedOnAsync();
        Assert.Equal(new CallbackOutcome.Taken(true), await CallAsync(answer));
        await _tiny.SettleAsync();

        Assert.Equal(FixState.Failed, _tiny.TheFix().State);
        Assert.Contains(told, _tiny.TheFix().Reason, StringComparison.Ordinal);
        Assert.Empty(_tiny.Node.Database.Read(ModelStore.Models));
    }

    [Theory]
    [InlineData("{\"artifact\": \"model.txt\"", "it cannot be read: ")]
    [InlineData("{}", "it names neither an artifact nor an error")]
    [InlineData("{\"artifact\": \"model.txt\", \"exit\": 0}", "it cannot be read: ")]
    public async Task What_is_no_answer_is_refused_and_the_training_goes_on(string answer, string told)
    {
        await HandedOnAsync();

        Assert.StartsWith(told, Assert.IsType<CallbackOutcome.Refused>(await CallAsync(answer)).Reason, StringComparison.Ordinal);
        Assert.Equal(FixState.Running, _tiny.TheFix().State);
    }

    [Theory]
    [InlineData("closesesame", 0)]
    [InlineData(Secret, 301)]
    [InlineData(Secret, -301)]
    public async Task Who_has_another_secret_or_another_time_is_nobody(string secret, int seconds)
    {
        await HandedOnAsync();

        Assert.IsType<CallbackOutcome.Unknown>(await CallAsync("""{"error": "I say so"}""", secret, seconds));
        Assert.IsType<CallbackOutcome.Unknown>(await _tiny.Node.Elsewhere.TakeAsync("no such", new SignedHead("no such", "0", "v1,"), [], Cancel));
    }

    [Fact]
    public async Task One_that_does_not_call_back_in_time_has_failed_and_its_command_is_told()
    {
        await HandedOnAsync();
        await _tiny.MoveAsync(TimeSpan.FromMinutes(31));

        Assert.Equal(FixState.Failed, _tiny.TheFix().State);
        Assert.Contains("RUN002 by-hand: \"job-7\" did not call back within 00:30:00", _tiny.TheFix().Reason, StringComparison.Ordinal);
        Assert.Equal(("cancel", "job-7"), (Request(1).GetProperty("task").GetString(), Request(1).GetProperty("running").GetString()));
        Assert.Equal(new CallbackOutcome.Taken(false), await CallAsync("""{"error": "too late"}"""));
    }

    [Fact]
    public async Task Cancelling_the_fix_tells_the_command()
    {
        await HandedOnAsync();
        await _tiny.Node.CommandAsync(_tiny.TheFix().Id, new FixCommand.Cancel("ann", null) { At = _tiny.Node.Clocks.Now }, "ann", Cancel);
        await _tiny.SettleAsync();

        Assert.Equal(FixState.Compensated, _tiny.TheFix().State);
        Assert.Equal(("cancel", "job-7"), (Request(1).GetProperty("task").GetString(), Request(1).GetProperty("running").GetString()));
        Assert.False(Directory.Exists(Folder(Request(0))));
    }

    public void Dispose() => _tiny.Dispose();

    private async Task HandedOnAsync()
    {
        Directory.CreateDirectory(_tiny.PathOf("kept"));
        _tiny.Author("secrets/runner", Secret).WithStep(OneStep.Retrain);
        await CommandedPets.OpenAsync(_tiny, $"KEEP={_tiny.PathOf("kept")}\n{HandsOn}", "timeout: 30m", "secret_file: secrets/runner", "public_url: https://orchestrator.example.com/");
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.True(_tiny.TheFix().State == FixState.Running, _tiny.TheFix().Reason);
        Assert.Equal($"https://orchestrator.example.com/api/callbacks/{Id}", Request(0).GetProperty("callback").GetProperty("url").GetString());
    }

    private string Id => Request(0).GetProperty("callback").GetProperty("id").GetString()!;

    private JsonElement Request(int number) => JsonElement.Parse(File.ReadAllText(_tiny.PathOf($"kept/{number}.json")));

    private static string Folder(JsonElement request) => request.GetProperty("folder").GetString()!;

    private Task<CallbackOutcome> CallAsync(string body, string secret = Secret, int seconds = 0)
    {
        var (at, bytes) = (_tiny.Real.GetUtcNow().AddSeconds(seconds), Encoding.UTF8.GetBytes(body));
        return _tiny.Node.Elsewhere.TakeAsync(Id, new SignedHead(Id, Signature.Seconds(at), Signature.Of(secret, Id, at, bytes)), bytes, Cancel);
    }
}
