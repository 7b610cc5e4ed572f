using Orchestrator.Core.Series;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Series;

namespace Orchestrator.Server.Access;

/// <summary>Series as a caller sees them: of whoever sees single models only those that name one of them.</summary>
internal static class SeenSeries
{
    public static SeriesSnapshot SnapshotFor(this SampleStore samples, Actor actor)
    {
        var all = samples.Snapshot();
        return actor.May(Role.Viewer) ? all : all.Only(labels => actor.Sees(labels["model"]));
    }
}
