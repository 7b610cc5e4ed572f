using System.Runtime.InteropServices;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Series;

/// <summary>Stored batches on their way into memory: many are taken in together, series by series, so that each series is compressed a few times and not once a batch.</summary>
internal sealed class SampleIntake(SeriesHead head, IReadOnlyDictionary<long, Labels> labels)
{
    /// <summary>So many samples, of 48 bytes each, are held before they are taken in.</summary>
    private const int Most = 1 << 22;

    /// <summary>More bits than the place of a held sample has, the last batch whole among them.</summary>
    private const int PlaceBits = 30;

    private readonly List<NumberedSample> _held = [];
    private long _last;

    /// <summary>Whether so much was held that its memory is worth giving back.</summary>
    public bool HasHeldMany { get; private set; }

    /// <summary>Takes a batch; batches come in order.</summary>
    public void Add(StoredBatch batch)
    {
        if (BatchBody.IsJson(batch.Body))
        {
            Complete();
            head.Append(batch.Seq, batch.Samples(labels));
            return;
        }

        _held.AddRange(BatchBody.Read(batch.Body, batch.Seq));
        _last = batch.Seq;
        if (_held.Count >= Most)
        {
            Complete();
        }
    }

    /// <summary>Takes in what is held.</summary>
    public void Complete()
    {
        var held = CollectionsMarshal.AsSpan(_held);
        HasHeldMany |= held.Length > Most / 8;
        var samples = new List<Sample>();
        var order = BySeries(held);
        for (var i = 0; i < order.Length; i++)
        {
            var (number, sample) = held[Place(order[i])];
            samples.Add(sample);
            if (i + 1 == order.Length || held[Place(order[i + 1])].Series != number)
            {
                Take(number, samples);
            }
        }

        _held.Clear();
        _held.TrimExcess();
        head.Append(Math.Max(head.Watermark, _last), []);
    }

    private void Take(long number, List<Sample> samples)
    {
        if (labels.TryGetValue(number, out var known))
        {
            head.Add(_last, known, CollectionsMarshal.AsSpan(samples));
        }

        samples.Clear();
    }

    /// <summary>The samples' series and places together, in order: those of one series stay as they came.</summary>
    private static long[] BySeries(ReadOnlySpan<NumberedSample> samples)
    {
        var order = new long[samples.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = (samples[i].Series << PlaceBits) | (uint)i;
        }

        Array.Sort(order);
        return order;
    }

    private static int Place(long ordered) => (int)(ordered & ((1L << PlaceBits) - 1));
}
