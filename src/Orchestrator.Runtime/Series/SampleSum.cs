using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Series;

/// <summary>How many samples there are, and a sum over their content that does not depend on their order.</summary>
internal readonly record struct SampleSum(long Count, ulong Total)
{
    public SampleSum With(long series, in Sample sample)
    {
        var hash = Mixed((ulong)series);
        hash = Mixed(hash ^ (ulong)sample.Time);
        hash = Mixed(hash ^ BitConverter.DoubleToUInt64Bits(sample.Value));
        hash = Mixed(hash ^ (ulong)sample.ValidUntil);
        hash = Mixed(hash ^ (uint)sample.Rows);
        hash = Mixed(hash ^ (ulong)sample.Batch);
        return new(Count + 1, unchecked(Total + hash));
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Mixed(ulong bits)
    {
        unchecked
        {
            bits += 0x9e3779b97f4a7c15;
            bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
            bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
            return bits ^ (bits >> 31);
        }
    }
}
