using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics;

/// <summary>The version of a model that serves, and the metrics that follow from that alone.</summary>
public sealed record ServingChampion(string Version, DateTimeOffset TrainedAt)
{
    public const string Age = "model_champion_age_seconds";
    public const string Info = "model_champion_info";

    public static readonly ImmutableArray<Metric> Metrics =
    [
        new(Age, MetricKind.Model, "seconds", "Time since the training of the version that serves.", [], [RelationShape.Champion]) { CountsRows = true },
        new(Info, MetricKind.Model, "score", "Always 1; its label names the version that serves.", ["version"], [RelationShape.Champion]) { CountsRows = true },
    ];

    public IEnumerable<MeasuredValue> Close(DateTimeOffset at) =>
        [new(Age, [], (at - TrainedAt).TotalSeconds, 0, 0), new(Info, [("version", Version)], 1, 0, 0)];
}
