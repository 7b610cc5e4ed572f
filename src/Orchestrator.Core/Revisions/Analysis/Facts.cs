namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>What is known of a result before there is any data.</summary>
/// <param name="IsFiltered">Whether it is there depends on more than its series being there.</param>
/// <param name="IsEmpty">It is never there.</param>
internal sealed record Facts(Interval Value, LabelFacts Labels, bool IsFiltered = false, bool IsEmpty = false)
{
    public static readonly Facts Unknown = new(Interval.Any, LabelFacts.Unknown, IsFiltered: true);

    public static Facts Scalar(Interval value) => new(value, LabelFacts.None);

    public Facts Or(Facts other) => IsEmpty ? other : other.IsEmpty ? this
        : new(Value.Or(other.Value), Labels.Or(other.Labels), IsFiltered && other.IsFiltered);
}
