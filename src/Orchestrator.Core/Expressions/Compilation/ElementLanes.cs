using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>The elements of a vector as lanes; the shape stays as long as the elements are some of it, in its order.</summary>
internal sealed class ElementLanes
{
    public Shape Shape { get; private set; } = Shape.Empty;

    public double[] Values { get; private set; } = [];

    public ulong[] Valid { get; private set; } = [];

    public int[] Rows { get; private set; } = [];

    public void Take(IReadOnlyList<Element> elements, LabelTable table)
    {
        if (TryFill(elements))
        {
            return;
        }

        Shape = table.Shape([.. elements.Select(element => element.Labels)]);
        Values = new double[Bits.Padded(Shape.Count)];
        Valid = new ulong[Shape.Words];
        Rows = new int[Shape.Count];
        TryFill(elements);
    }

    private bool TryFill(IReadOnlyList<Element> elements)
    {
        Array.Clear(Valid);
        var lane = 0;
        foreach (var element in elements)
        {
            while (lane < Shape.Count && !element.Labels.Equals(Shape.Labels[lane]))
            {
                lane++;
            }

            if (lane == Shape.Count)
            {
                return false;
            }

            Values[lane] = element.Value;
            Rows[lane] = element.Rows;
            Valid.Put(lane, true);
            lane++;
        }

        return true;
    }
}
