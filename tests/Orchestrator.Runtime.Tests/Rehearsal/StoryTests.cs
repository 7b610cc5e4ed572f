using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

public sealed class StoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Wrong_labels_are_found_relabelled_retrained_gated_promoted_and_the_recovery_is_verified()
    {
        var cancel = TestContext.Current.CancellationToken;
        var setup = await DemoStory.SetupAsync(_folder.Path, cancel);
        using var node = await Node.OpenAsync(setup.Options(_folder["workspace"], NullLoggerFactory.Instance), cancel);
        Assert.True(node.Revisions.Current is not null, string.Join('\n', (await node.Revisions.SyncAsync(cancel)).Diagnostics));

        await new Story(node, new StoryWorld(node, setup), (_, _) => { }).RehearseAsync(cancel);

        var story = Assert.Single((await new StoryFigures(node, setup).TakeAsync(TimeSpan.Zero, cancel)).Stories);
        var fix = Assert.Single(story.Fixes);
        Assert.Equal(["preparing", "proposed", "approved", "running", "verifying", "succeeded"], fix.States);
        Assert.Equal("lead@example.org", fix.ApprovedBy);
        Assert.Equal("ink = 'q4'", story.Segment);
        Assert.True(story.Suspects!.Precision >= 0.85, $"{story.Suspects}");
        Assert.True(story.Suspects.Recall >= 0.85, $"{story.Suspects}");
        Assert.True(story.GapClosed >= 0.8, $"{story.Before} -> {story.After}, ceiling {story.Ceiling}");
        Assert.Equal(225, story.LabelsAsked);
        Assert.Equal(["digits-1", "digits-2"], story.Models.Select(model => model.Version));
        Assert.Equal([false, true], story.Models.Select(model => model.Champion));
        Assert.Equal("resolved", Assert.Single(story.Findings).State);
        Assert.Contains("verified", story.Findings[0].Resolution, StringComparison.Ordinal);
        Assert.False(story.RolledBack);
        Assert.Null(node.Database.Read(AuditStore.FirstBroken));
        Assert.Empty(node.Database.Read(EffectStore.Open));
    }

    public void Dispose() => _folder.Dispose();
}
