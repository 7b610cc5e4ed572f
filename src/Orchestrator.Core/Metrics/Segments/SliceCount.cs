namespace Orchestrator.Core.Metrics.Segments;

/// <summary>What a slice holds against what is expected of it.</summary>
/// <param name="Expected">Bad rows expected by the segments found so far.</param>
internal readonly record struct SliceCount(Slice Slice, int Rows, int Bad, double Expected, double Variance)
{
    public double Excess => Bad - Expected;

    /// <summary>Standard deviations of excess, with Yates's correction for whole counts.</summary>
    public double Z => (Excess - 0.5) / Math.Sqrt(Math.Max(Variance, 1e-9));

    /// <summary>What of a parent's rows lies outside of this part of it.</summary>
    public SliceCount RemainderOf(SliceCount parent) =>
        new(parent.Slice, parent.Rows - Rows, parent.Bad - Bad, parent.Expected - Expected, Math.Max(0, parent.Variance - Variance));
}
