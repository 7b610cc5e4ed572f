namespace Orchestrator.Core.Series;

/// <summary>One measured value of one labelled stream.</summary>
/// <param name="Time">Microseconds since the Unix epoch, UTC.</param>
/// <param name="Value">The value; <see cref="Stale"/> marks a run that could not measure.</param>
/// <param name="ValidUntil">Exclusive end of the time in which an instant selector sees the sample, in microseconds; 0 where the look-back decides.</param>
/// <param name="Rows">Rows the value was measured on; 0 where that is not known.</param>
/// <param name="Batch">Sequence of the batch that brought it; an evaluation sees batches up to its watermark.</param>
public readonly record struct Sample(long Time, double Value, long ValidUntil = 0, int Rows = 0, long Batch = 0)
{
    private const long StaleBits = 0x7ff0000000000002;

    /// <summary>Prometheus's staleness marker: a NaN of its own bit pattern.</summary>
    public static double Stale => BitConverter.Int64BitsToDouble(StaleBits);

    public bool IsStale => BitConverter.DoubleToInt64Bits(Value) == StaleBits;
}

/// <summary>A sample with the labels of its series, as it travels from a measurement to the store.</summary>
public readonly record struct LabelledSample(Labels Labels, Sample Sample);
