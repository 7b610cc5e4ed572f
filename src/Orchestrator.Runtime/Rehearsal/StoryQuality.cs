namespace Orchestrator.Runtime.Rehearsal;

/// <summary>How good the versions of a story are on the rows that count; see <see cref="StoryResult"/>.</summary>
internal sealed record StoryQuality(string Metric, double? Before, double? After, double? Ceiling, int Rows)
{
    public static readonly StoryQuality None = new("model_accuracy", null, null, null, 0);
}
