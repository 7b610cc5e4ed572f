using Microsoft.Extensions.Time.Testing;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Storage;

/// <summary>Files that can be made again: whole or not there, made once, bounded.</summary>
public sealed class KeptFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));
    private int _made;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Place => _folder["kept"];

    [Fact]
    public void A_file_is_made_once_and_again_after_somebody_deleted_it_or_the_folder()
    {
        var kept = Kept();

        Assert.Equal(Path.Combine(Place, "a"), kept.Of("a", Make, Cancel));
        kept.Of("a", Make, Cancel);
        Assert.Equal((1, "content"), (_made, File.ReadAllText(Path.Combine(Place, "a"))));
        File.Delete(Path.Combine(Place, "a"));
        kept.Of("a", Make, Cancel);
        Directory.Delete(Place, recursive: true);
        kept.Of("a", Make, Cancel);

        Assert.Equal(3, _made);
    }

    [Fact]
    public async Task Who_asks_while_a_file_is_being_made_gets_that_one()
    {
        var kept = Kept();
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var first = Task.Factory.StartNew(
            () => kept.Of("a", part => { begun.Set(); goOn.Wait(Cancel); Make(part); }, Cancel), Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        begun.Wait(Cancel);
        var second = Task.Factory.StartNew(() => kept.Of("a", Make, Cancel), Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        kept.Of("b", Make, Cancel);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => kept.Of("a", Make, gone.Token));
        goOn.Set();

        Assert.Equal(await first, await second);
        Assert.Equal(2, _made);
    }

    [Fact]
    public void A_file_that_cannot_be_made_leaves_nothing_and_is_tried_again()
    {
        var kept = Kept();

        Assert.Throws<IOException>(() => kept.Of("a", part => { File.WriteAllText(part, "half"); throw new IOException("full"); }, Cancel));
        Assert.Empty(Directory.GetFiles(Place));
        kept.Of("a", Make, Cancel);

        Assert.Equal("content", File.ReadAllText(Path.Combine(Place, "a")));
    }

    [Fact]
    public void What_an_earlier_process_left_half_written_is_cleared_and_the_rest_stays()
    {
        Kept().Of("a", Make, Cancel);
        File.WriteAllText(Path.Combine(Place, "7.part"), "half");

        Kept().Of("a", Make, Cancel);

        Assert.Equal([Path.Combine(Place, "a")], Directory.GetFiles(Place));
        Assert.Equal(1, _made);
    }

    /// <summary>Two files of seven bytes fit into fifteen: a was asked for again after b was, and c is new.</summary>
    [Fact]
    public void Those_that_were_not_used_for_longest_go_once_nobody_can_be_reading_them()
    {
        var gone = new List<string>();
        var kept = new KeptFiles(Place, _clock, mostBytes: 15) { Gone = file => gone.Add(Path.GetFileName(file)) };
        kept.Of("a", Make, Cancel);
        kept.Of("b", Make, Cancel);
        _clock.Advance(TimeSpan.FromMinutes(90));
        kept.Of("a", Make, Cancel);
        kept.Of("c", Make, Cancel);
        Assert.Empty(gone);

        _clock.Advance(TimeSpan.FromMinutes(90));
        kept.Of("d", Make, Cancel);

        Assert.Equal(["b"], gone);
        Assert.Equal(["a", "c", "d"], Directory.GetFiles(Place).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private KeptFiles Kept() => new(Place, _clock, mostBytes: 1000);

    private void Make(string part)
    {
        Interlocked.Increment(ref _made);
        File.WriteAllText(part, "content");
    }
}
