using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>The lanes of two shapes by what they are matched on, where several of each side may meet.</summary>
internal sealed class SignatureGroups
{
    private readonly int[] _first;
    private readonly int[] _second;
    private readonly ulong[] _present;

    public SignatureGroups(Shape first, Shape second, VectorMatching matching, LabelTable table)
    {
        var groups = new Dictionary<int, int>();
        int Group(int signature)
        {
            groups.TryAdd(signature, groups.Count);
            return groups[signature];
        }

        _first = Array.ConvertAll(table.Signatures(first, matching), Group);
        _second = Array.ConvertAll(table.Signatures(second, matching), Group);
        _present = new ulong[Bits.Words(groups.Count)];
    }

    /// <summary>The lanes of the first side that meet one of the second, or those that meet none.</summary>
    public void Meet(ulong[] first, ulong[] second, ulong[] result, bool wanted)
    {
        Array.Clear(_present);
        foreach (var lane in Bits.Each(second))
        {
            _present.Put(_second[lane], true);
        }

        Array.Clear(result);
        foreach (var lane in Bits.Each(first))
        {
            if (_present.Has(_first[lane]) == wanted)
            {
                result.Put(lane, true);
            }
        }
    }

    /// <summary>The smallest known number of rows of the lanes of the second side that a lane meets.</summary>
    public int RowsFor(int lane, Node second)
    {
        var rows = 0;
        foreach (var other in Bits.Each(second.Valid))
        {
            rows = _second[other] == _first[lane] ? Element.Fewer(rows, second.RowsAt(other)) : rows;
        }

        return rows;
    }
}
