using System.Collections.Immutable;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The world around the system in a story, of one scenario or of several side by side: files arrive, people train, promote, label and approve.
/// Doing it again changes nothing.</summary>
public sealed class StoryWorld
{
    private readonly ImmutableArray<ScenarioWorld> _worlds;

    public StoryWorld(Node node, params ImmutableArray<StorySetup> setups)
    {
        _worlds = [.. setups.Select(setup => new ScenarioWorld(node, setup.Scenario, setup.Folder))];
        End = _worlds.Max(world => world.End);
    }

    /// <summary>When the last of the scenarios has ended.</summary>
    public DateTimeOffset End { get; }

    /// <summary>Does what is due; what was done, one line each.</summary>
    public async Task<IReadOnlyList<string>> ActAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var done = new List<string>();
        foreach (var world in _worlds)
        {
            done.AddRange(await world.ActAsync(now, cancellation).ConfigureAwait(false));
        }

        return done;
    }

    /// <summary>What waits for people whom no scenario plays, with what they can do; null where nothing does.</summary>
    public string? Awaited() => _worlds.Select(world => world.Awaited()).FirstOrDefault(awaited => awaited is not null);

    /// <summary>When something happens next after an instant; null where nothing does any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _worlds.Select(world => world.Next(after)).Min();
}
