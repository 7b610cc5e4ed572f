namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>The k nearest rows seen so far, nearest first; of equal distances the one offered first stays.</summary>
internal sealed class NearestList(int capacity)
{
    private readonly (int Row, double Distance)[] _rows = new (int, double)[capacity];

    public int Count { get; private set; }

    public (int Row, double Distance) this[int index] => _rows[index];

    public double MeanDistance => Count == 0 ? 0 : _rows.Take(Count).Sum(entry => entry.Distance) / Count;

    public void Clear() => Count = 0;

    public void Offer(int row, double distance)
    {
        if (Count == _rows.Length && distance >= _rows[^1].Distance)
        {
            return;
        }

        Count = Math.Min(Count + 1, _rows.Length);
        var place = Count - 1;
        while (place > 0 && distance < _rows[place - 1].Distance)
        {
            _rows[place] = _rows[place - 1];
            place--;
        }

        _rows[place] = (row, distance);
    }
}
