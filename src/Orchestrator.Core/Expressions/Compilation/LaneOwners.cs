using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Which selectors of a metric show a lane of it, and as which of their own.</summary>
internal sealed class LaneOwners
{
    private readonly (ColumnNode Node, int Own)[] _whole; // their lanes are those of the metric
    private readonly (ColumnNode Node, int Own)[] _parts;
    private readonly int[] _starts = []; // by lane, where its parts begin

    public LaneOwners(List<ColumnNode> nodes, MetricColumn column)
    {
        var bound = nodes.Where(node => node.IsBoundTo(column)).ToList();
        _whole = [.. bound.Where(node => node.Lanes is null).Select(node => (node, -1))];
        var parts = bound.Where(node => node.Lanes is not null).SelectMany(node => node.Lanes!.Select((lane, own) => (Lane: lane, Node: node, Own: own))).OrderBy(part => part.Lane).ToList();
        _parts = [.. parts.Select(part => (part.Node, part.Own))];
        if (parts.Count == 0)
        {
            return;
        }

        _starts = new int[column.Count + 1];
        foreach (var part in parts)
        {
            _starts[part.Lane + 1]++;
        }

        for (var lane = 0; lane < column.Count; lane++)
        {
            _starts[lane + 1] += _starts[lane];
        }
    }

    /// <summary>Own lanes below 0 are the lane itself; each lane is one of all or of parts at a time.</summary>
    public Owners Of(int lane) => new(_whole, _starts.Length == 0 ? [] : _parts.AsSpan(_starts[lane].._starts[lane + 1]));

    /// <summary>Enumerates without allocating.</summary>
    public ref struct Owners(ReadOnlySpan<(ColumnNode Node, int Own)> whole, ReadOnlySpan<(ColumnNode Node, int Own)> parts)
    {
        private readonly ReadOnlySpan<(ColumnNode Node, int Own)> _whole = whole;
        private readonly ReadOnlySpan<(ColumnNode Node, int Own)> _parts = parts;
        private int _at = -1;

        public readonly (ColumnNode Node, int Own) Current => _at < _whole.Length ? _whole[_at] : _parts[_at - _whole.Length];

        public readonly Owners GetEnumerator() => this;

        public bool MoveNext() => ++_at < _whole.Length + _parts.Length;
    }
}
