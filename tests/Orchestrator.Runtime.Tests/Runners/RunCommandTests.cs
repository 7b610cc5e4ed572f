using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Runners;

/// <summary>Workflows run what the operator named, with arguments that no shell reads.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Arguments_are_passed_as_they_stand()
    {
        var fix = await RunAsync("""for argument in "$@"; do echo "<$argument>"; done > "$OUT/said" """, OneStep.Run("say", "a b", "$(touch hacked); `x`", "", "--", "ümläut"));

        Assert.NotEqual(FixState.Failed, fix.State);
        Assert.Equal("<a b>\n<$(touch hacked); `x`>\n<>\n<-->\n<ümläut>\n", await File.ReadAllTextAsync(_tiny.PathOf("out/said"), Cancel));
    }

    [Fact]
    public async Task One_that_fails_fails_its_fix_with_its_last_words()
    {
        var fix = await RunAsync("echo no space >&2; exit 4", OneStep.Run("say"));

        Assert.Equal(FixState.Failed, fix.State);
        Assert.Contains("RUN006 say: it ended with exit code 4; it printed last:\nno space", fix.Reason, StringComparison.Ordinal);
        Assert.Empty(Processes.Of(_tiny.PathOf("workspace/attempts")));
    }

    [Fact]
    public async Task One_that_the_operator_did_not_name_is_refused_with_those_that_he_did()
    {
        var fix = await RunAsync("true", OneStep.Run("sai"));

        Assert.Equal(FixState.Failed, fix.State);
        Assert.Contains("the operator's file names no command \"sai\" under \"commands\" (named: say); did you mean say?", fix.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", "parked", "runs\n")]
    [InlineData("true", "done", "runs\nruns\n")]
    public async Task After_a_server_that_stopped_it_is_left_to_a_person_unless_it_may_be_repeated(string repeatable, string state, string runs)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await OpenAsync("""echo runs >> "$OUT/runs"; [ "$(wc -l < "$OUT/runs")" = 1 ] && sleep 600; true""", OneStep.Run("say"), repeatable);
        await MoveAsync();
        await _tiny.Node.RunDueAsync(Cancel);
        var drained = _tiny.Node.DrainEffectsAsync(_tiny.Worker, stop.Token);
        Processes.Await(_tiny.PathOf("out/runs"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drained);
        Assert.Empty(Processes.Of(_tiny.PathOf("workspace/attempts")));

        await _tiny.ReopenAsync();
        await _tiny.SettleAsync();

        Assert.Equal(runs, await File.ReadAllTextAsync(_tiny.PathOf("out/runs"), Cancel));
        Assert.Equal(state == "parked", _tiny.Node.Database.Read(Orchestrator.Runtime.Effects.EffectStore.Open).Any(effect => effect.State == "parked"));
    }

    public void Dispose() => _tiny.Dispose();

    private async Task<Fix> RunAsync(string script, string step)
    {
        await OpenAsync(script, step, "false");
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        return _tiny.TheFix();
    }

    private async Task OpenAsync(string script, string step, string repeatable)
    {
        Directory.CreateDirectory(_tiny.PathOf("out"));
        _tiny.WithStep(step).Author("scripts/say.sh", $"OUT={_tiny.PathOf("out")}\n{script}\n");
        await CommandedPets.OpenAsync(_tiny, CommandedPets.GoodTrainer, commands: $"commands: {{say: {{command: [sh, say.sh], directory: scripts, repeatable: {repeatable}}}}}");
    }

    /// <summary>A day on, with all that is due but the effects that last.</summary>
    private async Task MoveAsync() => await _tiny.Node.Database.WriteAsync(tx => _tiny.Node.Story!.Move(tx, _tiny.Node.Clocks.Now + TimeSpan.FromDays(1)), Cancel);
}
