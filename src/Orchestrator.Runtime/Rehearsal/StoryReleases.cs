using System.Globalization;
using Orchestrator.Core.Rehearsal;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>What the people of a story release by hand: they train first versions, and promote what they think is good past every gate.</summary>
internal sealed class StoryReleases(Node node, ScenarioFile scenario, string folder)
{
    private const string Lead = "lead@example.org";

    /// <summary>When the next release is due after an instant; null where none is any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) =>
        scenario.Events.Select(one => (DateTimeOffset?)(scenario.Start + one.At)).Where(at => at > after).Min();

    /// <summary>The releases that are due and not done yet, in the order of time.</summary>
    public IReadOnlyList<ScenarioEvent> Due(DateTimeOffset now) =>
        [.. scenario.Events.Where(one => scenario.Start + one.At <= now && !IsDone(one)).OrderBy(one => one.At)];

    /// <summary>Does a release; what it did, in one line.</summary>
    public async Task<string> DoAsync(ScenarioEvent release, CancellationToken cancellation) => release switch
    {
        ScenarioEvent.Train train => $"{await node.TrainFirstAsync(train.Model, Lead, cancellation).ConfigureAwait(false)} is trained by hand and serves",
        ScenarioEvent.Promote promote => $"{await PromoteAsync(promote, cancellation).ConfigureAwait(false)} is promoted by hand, past the gate, and serves",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>How long a version takes for a prediction, where its release says so.</summary>
    public TimeSpan? LatencyOf(string version) => scenario.Events.OfType<ScenarioEvent.Promote>()
        .LastOrDefault(promote => promote.Latency is not null && node.Database.Read(connection => ChampionStore.ByKey(connection, KeyOf(promote)))?.To == version)?.Latency;

    private bool IsDone(ScenarioEvent release) => node.Database.Read(connection => release switch
    {
        ScenarioEvent.Train train => ChampionStore.Champion(connection, train.Model) is not null,
        ScenarioEvent.Promote promote => ChampionStore.ByKey(connection, KeyOf(promote)) is not null,
        _ => throw new System.Diagnostics.UnreachableException(),
    });

    private async Task<string> PromoteAsync(ScenarioEvent.Promote promote, CancellationToken cancellation)
    {
        var artifact = await ArtifactAsync(promote, cancellation).ConfigureAwait(false);
        var digest = await node.Artifacts.PutAsync(artifact, cancellation).ConfigureAwait(false);
        var (key, at) = (KeyOf(promote), scenario.Start + promote.At);
        var trained = new TrainedModel(key, promote.Model, digest, "", "", Json.Write(new { by = Lead, from = promote.From.File }));
        var version = await node.Database.WriteAsync(transaction => ModelStore.Add(transaction, trained, at), cancellation).ConfigureAwait(false);
        var change = new ChampionChange(key, promote.Model, Lead, "promoted by hand, past the gate", at);
        return await node.Champions.PromoteAsync(change, version.Id, digest, cancellation).ConfigureAwait(false) is ChampionOutcome.Refused refused
            ? throw new StorageException(refused.Reason)
            : version.Id;
    }

    private async Task<byte[]> ArtifactAsync(ScenarioEvent.Promote promote, CancellationToken cancellation)
    {
        var file = StoryFiles.Find(folder, promote.From.File)[0];
        return promote.From is ReleaseSource.Artifact
            ? await File.ReadAllBytesAsync(file, cancellation).ConfigureAwait(false)
            : AsideTraining.Train(node, promote.Model, CsvTable.Read(file), label: null, cancellation);
    }

    private string KeyOf(ScenarioEvent.Promote promote) =>
        string.Create(CultureInfo.InvariantCulture, $"story:{scenario.Name}:{promote.Model}:{promote.At.TotalSeconds}");
}
