using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>What conditions know of a column: by lane of the domain, between which of the numbers that it is compared with its value lies.</summary>
internal sealed class RankedColumn(ColumnNode node, LaneDomain domain, Ladder ladder)
{
    private RankEdges _edges = RankEdges.None;
    private Shape? _shape;
    private double[] _low = []; // by lane of the column: values from here
    private double[] _below = []; // up to here have the code that the lane has
    private ulong[] _seen = [];
    private ulong[] _differs = [];
    private int[]? _domainLanes; // none: the same lanes
    private int[]? _columnLanes;

    public ColumnNode Node => node;

    /// <summary>By lane of the domain.</summary>
    public ushort[] Codes { get; private set; } = [];

    public List<RankedCondition> Conditions { get; } = [];

    /// <summary>Whether codes changed that conditions were not told of.</summary>
    public bool IsCrossed { get; set; }

    public Ladder Ladder => ladder;

    /// <summary>Once all conditions are known.</summary>
    public void Seal() => _edges = new RankEdges(this);

    /// <summary>The column was computed as a whole.</summary>
    public void LookAtAll()
    {
        if (_shape != node.Shape)
        {
            Bind(node.Shape);
        }

        Lanewise.Outside(node.Values, new(_low, _below), new(node.Valid, _differs), _seen);
        foreach (var lane in Bits.Each(_differs))
        {
            Recode(lane, node.Valid.Has(lane));
        }

        foreach (var condition in Conditions)
        {
            condition.Move();
        }
    }

    /// <summary>One lane of the column is another.</summary>
    public void LookAt(int lane)
    {
        var isThere = node.Valid.Has(lane);
        var value = node.Values[lane];
        if (isThere != _seen.Has(lane) || (isThere && !(value >= _low[lane] && value < _below[lane])))
        {
            _seen.Put(lane, isThere);
            Recode(lane, isThere);
        }

        domain.Holders.Tell(DomainLane(lane), this);
    }

    /// <summary>Tells the conditions for whose comparisons the code of a lane makes a difference.</summary>
    public void Pass(int lane, ushort code)
    {
        var before = Codes[lane];
        if (before != code)
        {
            Codes[lane] = code;
            _edges.Pass(lane, before, code);
        }
    }

    /// <summary>Makes room for lanes of the domain.</summary>
    public void Fit(int lanes)
    {
        if (Codes.Length < lanes)
        {
            var codes = new ushort[Bits.Padded(lanes)];
            Codes.CopyTo(codes, 0);
            Codes = codes;
        }
    }

    /// <summary>The lane of the node that shows a lane of the domain; -1 where there is none.</summary>
    public int NodeLane(int lane) => _columnLanes is null ? (lane < node.Shape.Count ? lane : -1) : lane < _columnLanes.Length ? _columnLanes[lane] : -1;

    private int DomainLane(int lane) => _domainLanes is null ? lane : _domainLanes[lane];

    private void Recode(int lane, bool isThere)
    {
        var code = isThere ? ladder.CodeOf(node.Values[lane]) : Ladder.Absent;
        (_low[lane], _below[lane]) = ladder.Span(code);
        var at = DomainLane(lane);
        if (Codes[at] != code)
        {
            domain.Cross(new(this, at, code), Math.Abs(code - Codes[at]));
        }
    }

    /// <summary>Series joined the metric: lanes of the column are others, those of the domain stay.</summary>
    private void Bind(Shape shape)
    {
        var before = (Labels: _shape?.Labels ?? [], Domain: _domainLanes, Low: _low, Below: _below, Seen: _seen);
        var domainLanes = new int[shape.Count];
        (_low, _below) = (new double[Bits.Padded(shape.Count)], new double[Bits.Padded(shape.Count)]);
        (_seen, _differs) = (new ulong[shape.Words], new ulong[shape.Words]);
        _low.AsSpan().Fill(double.PositiveInfinity);
        var old = 0;
        for (var lane = 0; lane < shape.Count; lane++)
        {
            if (old < before.Labels.Length && ReferenceEquals(before.Labels[old], shape.Labels[lane]))
            {
                domainLanes[lane] = before.Domain is null ? old : before.Domain[old];
                (_low[lane], _below[lane]) = (before.Low[old], before.Below[old]);
                _seen.Put(lane, before.Seen.Has(old++));
            }
            else
            {
                domainLanes[lane] = domain.Intern(shape.Labels[lane].Without(Labels.NameLabel));
            }
        }

        _shape = shape;
        Fit(domain.Count);
        Map(domainLanes);
    }

    private void Map(int[] domainLanes)
    {
        var isSame = true;
        var columnLanes = new int[domain.Count];
        columnLanes.AsSpan().Fill(-1);
        for (var lane = 0; lane < domainLanes.Length; lane++)
        {
            isSame = isSame && domainLanes[lane] == lane;
            columnLanes[domainLanes[lane]] = lane;
        }

        (_domainLanes, _columnLanes) = isSame ? (null, null) : (domainLanes, columnLanes);
    }
}
