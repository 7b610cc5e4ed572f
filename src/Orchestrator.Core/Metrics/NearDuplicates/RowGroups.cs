namespace Orchestrator.Core.Metrics.NearDuplicates;

/// <summary>Rows that are linked to each other, directly or by way of others.</summary>
public sealed class RowGroups(int rows)
{
    private readonly int[] _parents = [.. Enumerable.Range(0, rows)];

    /// <summary>Links that were made, those within a group included.</summary>
    public long Pairs { get; private set; }

    /// <summary>Rows that lie in a group with an earlier row.</summary>
    public int Beyond { get; private set; }

    public int Rows => _parents.Length;

    public void Link(int row, int other)
    {
        Pairs++;
        var (first, second) = (Root(row), Root(other));
        if (first != second)
        {
            _parents[Math.Max(first, second)] = Math.Min(first, second);
            Beyond++;
        }
    }

    private int Root(int row)
    {
        while (_parents[row] != row)
        {
            row = _parents[row] = _parents[_parents[row]];
        }

        return row;
    }
}
