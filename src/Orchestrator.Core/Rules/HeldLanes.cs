using Orchestrator.Core.Expressions.Compilation;

namespace Orchestrator.Core.Rules;

/// <summary>The lanes of columns whose numbers are those of alerts, so that single samples in them are told to the alerts' book.</summary>
internal sealed class HeldLanes(Node node, Dependent book)
{
    private readonly ColumnNode[] _columns = [.. Network.Columns(node).Distinct()];
    private readonly HashSet<int> _lanes = [];
    private readonly bool _isLanewise = Network.IsLanewise(node);
    private long _structure = -1;
    private bool _isAligned;

    /// <summary>Whether lanes may say how many rows are behind them.</summary>
    public bool MayHaveRows => !_isLanewise || Array.Exists(_columns, column => column.HasRows);

    public void Hold(int lane)
    {
        if (_lanes.Add(lane))
        {
            Register(lane);
        }
    }

    public void Release(int lane)
    {
        if (_lanes.Remove(lane) && _isAligned)
        {
            Array.ForEach(_columns, column => column.Release(lane, book));
        }
    }

    /// <summary>Starts again where series joined a column, as lanes are others then.</summary>
    public bool TryRenew()
    {
        var structure = 0L;
        foreach (var column in _columns)
        {
            structure += column.Structure;
        }

        if (structure == _structure)
        {
            return false;
        }

        Clear();
        (_structure, _isAligned) = (structure, Network.IsAligned(node));
        return true;
    }

    public void Clear()
    {
        foreach (var column in _columns)
        {
            column.ReleaseAll(book);
            foreach (var lane in _lanes)
            {
                column.Release(lane, book);
            }
        }

        _lanes.Clear();
        _structure = -1;
    }

    private void Register(int lane)
    {
        foreach (var column in _columns)
        {
            if (_isAligned)
            {
                column.Hold(lane, book);
            }
            else
            {
                column.HoldAll(book);
            }
        }
    }
}
