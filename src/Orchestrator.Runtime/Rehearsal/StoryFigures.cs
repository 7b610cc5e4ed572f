using System.Collections.Immutable;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Takes the figures of finished stories; only here, and for the report alone, the truth meets what the system did.</summary>
public sealed class StoryFigures(Node node, params ImmutableArray<StorySetup> setups)
{
    public async Task<StoryReport> TakeAsync(TimeSpan elapsed, CancellationToken cancellation)
    {
        var stories = ImmutableArray.CreateBuilder<StoryResult>();
        foreach (var setup in setups)
        {
            stories.Add(await new ScenarioFigures(node, setup).TakeAsync(elapsed, cancellation).ConfigureAwait(false));
        }

        return new StoryReport(stories.ToImmutable(), StoryCost.Now(elapsed));
    }
}
