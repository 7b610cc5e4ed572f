using Orchestrator.Core.Rehearsal;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The world around the system in a story: files arrive, models are trained by hand, people label and approve. Doing it again changes nothing.</summary>
public sealed class StoryWorld
{
    private readonly Node _node;
    private readonly ScenarioFile _scenario;
    private readonly StoryArrivals _arrivals;
    private readonly StoryPeople _people;

    /// <param name="folder">Folder of the scenario file, which its paths are relative to.</param>
    public StoryWorld(Node node, ScenarioFile scenario, string folder)
    {
        _node = node;
        _scenario = scenario;
        _arrivals = new StoryArrivals(node, scenario, folder);
        _people = new StoryPeople(node, scenario, folder);
    }

    public DateTimeOffset End => _scenario.Start + _scenario.Until;

    /// <summary>Does what is due; what was done, one line each.</summary>
    public async Task<IReadOnlyList<string>> ActAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var trained = await TrainAsync(now, cancellation).ConfigureAwait(false);
        var arrived = await _arrivals.BringAsync(now, cancellation).ConfigureAwait(false);
        var done = await _people.ActAsync(now, cancellation).ConfigureAwait(false);
        return [.. arrived, .. trained, .. done];
    }

    /// <summary>What waits for people whom the scenario does not play, with what they can do; null where nothing does.</summary>
    public string? Awaited() => _people.Awaited();

    /// <summary>When something happens next after an instant; null where nothing does any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var events = _scenario.Events.Select(one => (DateTimeOffset?)(_scenario.Start + one.At)).Where(at => at > after);
        return new[] { _arrivals.Next(after), _people.Next(after), events.Min() }.Where(at => at is not null).Min();
    }

    /// <summary>Trains models by hand, once the rows that they learn from have arrived.</summary>
    private async Task<IReadOnlyList<string>> TrainAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var done = new List<string>();
        foreach (var train in _scenario.Events.OfType<ScenarioEvent.Train>().Where(one => _scenario.Start + one.At <= now))
        {
            if (_node.Database.Read(connection => ChampionStore.Champion(connection, train.Model)) is null)
            {
                await _arrivals.BringAsync(now, cancellation).ConfigureAwait(false);
                var version = await _node.TrainFirstAsync(train.Model, "lead@example.org", cancellation).ConfigureAwait(false);
                done.Add($"{version} is trained by hand and serves");
            }
        }

        return done;
    }
}
