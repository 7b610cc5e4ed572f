using Orchestrator.Core.Rehearsal;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The world of one scenario.</summary>
internal sealed class ScenarioWorld
{
    private readonly ScenarioFile _scenario;
    private readonly StoryReleases _releases;
    private readonly StoryArrivals _arrivals;
    private readonly StoryPeople _people;

    /// <param name="folder">Folder of the scenario file, which its paths are relative to.</param>
    public ScenarioWorld(Node node, ScenarioFile scenario, string folder)
    {
        _scenario = scenario;
        _releases = new StoryReleases(node, scenario, folder);
        _arrivals = new StoryArrivals(node, scenario, folder);
        _people = new StoryPeople(node, scenario, folder);
    }

    public DateTimeOffset End => _scenario.Start + _scenario.Until;

    /// <summary>Releases go first: what is served at an instant is served by what was released by then. What they learn from has arrived before.</summary>
    public async Task<IReadOnlyList<string>> ActAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var lines = new List<string>();
        foreach (var release in _releases.Due(now))
        {
            lines.AddRange(await _arrivals.BringAsync(now, served: false, cancellation).ConfigureAwait(false));
            lines.Add(await _releases.DoAsync(release, cancellation).ConfigureAwait(false));
        }

        return
        [
            .. lines,
            .. await _arrivals.BringAsync(now, served: true, cancellation).ConfigureAwait(false),
            .. await _people.ActAsync(now, cancellation).ConfigureAwait(false),
        ];
    }

    public string? Awaited() => _people.Awaited();

    public DateTimeOffset? Next(DateTimeOffset after) => new[] { _arrivals.Next(after), _people.Next(after), _releases.Next(after) }.Min();
}
