using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Fixes;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>An activity that cannot work is tried again, then parked; its fix says so, everything else goes on, and a person's word resumes it.</summary>
public sealed class ParkedTests : IDisposable
{
    private readonly TinyNode _tiny = new();

    [Fact]
    public async Task An_activity_over_a_damaged_file_is_parked_after_the_limit_shown_at_its_fix_and_goes_on_once_the_file_is_repaired()
    {
        await Pets.OpenAsync(_tiny, Pets.Rows(30, 20, 3, 1));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        var version = _tiny.Node.Versions.Current("pets")!;
        var file = _tiny.Node.Versions.FileOf(version);
        var whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(file, whole[..100], TestContext.Current.CancellationToken);

        await _tiny.AnswerAsync("cat");
        await TryAgainUntilParkedAsync();

        var work = Parked();
        Assert.Equal(("activity", EffectWorker.AttemptLimit), (work.Kind, work.Attempts));
        Assert.StartsWith($"the version {version.Id} of pets is damaged: ", work.Note, StringComparison.Ordinal);
        Assert.Equal(FixState.Running, _tiny.TheFix().State);
        Assert.Equal(version.Id, _tiny.Node.Versions.Current("pets")!.Id);
        await OtherDatasetsAreMeasuredAsync();

        await File.WriteAllBytesAsync(file, whole, TestContext.Current.CancellationToken);
        await _tiny.Node.Database.WriteAsync(tx => _tiny.Node.Effects.Retry(tx, work.Key), TestContext.Current.CancellationToken);
        await _tiny.SettleAsync();

        Assert.Contains(
            _tiny.Node.Database.Read(connection => DatasetVersionStore.History(connection, "pets")), move => move.From == version.Id && move.Reason == "a patch was applied");
        Assert.DoesNotContain(_tiny.Node.Database.Read(connection => FixStore.Work(connection, _tiny.TheFix())), left => left.Kind != "timer");
    }

    public void Dispose() => _tiny.Dispose();

    private async Task TryAgainUntilParkedAsync()
    {
        for (var attempt = 1; attempt < EffectWorker.AttemptLimit; attempt++)
        {
            Assert.Equal(("ready", attempt), _tiny.Node.Database.Read(connection => FixStore.Work(connection, _tiny.TheFix())).Select(work => (work.State, work.Attempts)).First());
            _tiny.Real.Advance(TimeSpan.FromSeconds(30));
            await _tiny.SettleAsync();
        }
    }

    private EffectStatus Parked() => Assert.Single(_tiny.Node.Database.Read(connection => FixStore.Work(connection, _tiny.TheFix())), work => work.State == "parked");

    private async Task OtherDatasetsAreMeasuredAsync()
    {
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Contains(_tiny.Problems("pets"), line => line.StartsWith("rules/pets.monitor.yaml:5:", StringComparison.Ordinal));
        Assert.Equal([40], _tiny.Values("data_rows", "shown").Values);
        Assert.Contains("data_rows", _tiny.Vanished("pets"));
    }
}
