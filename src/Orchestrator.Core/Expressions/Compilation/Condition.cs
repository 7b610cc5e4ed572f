using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>For which lanes a rule's condition holds, and for which it did when the rule was last looked at.</summary>
internal abstract class Condition : Dependent
{
    /// <summary>Asks for a look at the next evaluation.</summary>
    public Action Pend { get; set; } = () => { };

    /// <summary>Whether lanes stand for other label sets than at the last look; what was held is forgotten then.</summary>
    public abstract bool HasOtherLanes { get; }

    public abstract int LaneCount { get; }

    /// <summary>Brings it to a moment; what stopped it, if something did.</summary>
    public abstract ExpressionError? Refresh(Moment moment);

    /// <summary>Adds the lanes that turned since the last look, in their order.</summary>
    public abstract void Differences(List<int> lanes);

    /// <summary>Whether a lane held at the last look.</summary>
    public abstract bool Holds(int lane);

    /// <summary>Remembers what a look found.</summary>
    public abstract void Hold(int lane, bool holds);

    /// <summary>The lanes in which numbers may be others than at the last look, some more than once; false where all may be.</summary>
    public abstract bool TryMoved(out List<int> lanes);

    /// <summary>Ends a look.</summary>
    public abstract void Close();

    /// <summary>Nothing held.</summary>
    public abstract void Forget();

    /// <summary>The lane of the labels of a sample without its name; -1 where there is none.</summary>
    public abstract int LaneOf(Labels source);

    /// <summary>Whether the samples of all lanes differ by more than their names and labels that are written over.</summary>
    public abstract bool TellsApart(LabelWrites writes);

    /// <summary>The sample that a lane has or would have.</summary>
    public abstract Labels SampleAt(int lane);

    /// <summary>The number of a lane that holds, where nothing else of it can be another than at the last look.</summary>
    public virtual bool TryNumber(int lane, out double number)
    {
        number = double.NaN;
        return false;
    }

    /// <summary>A lane that holds.</summary>
    public abstract VectorLane At(int lane);
}

/// <summary>A sample for which a condition holds.</summary>
/// <param name="Rows">0 where no number of rows is known.</param>
internal readonly record struct VectorLane(int Lane, Labels Sample, double Value, int Rows);
