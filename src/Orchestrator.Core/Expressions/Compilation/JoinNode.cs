using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Arithmetic or a comparison of two vectors whose lanes are matched by their labels.</summary>
internal sealed class JoinNode : Node
{
    private readonly Expr.Binary _binary;
    private readonly ElementStep _step;
    private readonly NetworkTables _tables;
    private readonly bool _oneIsLeft;
    private (Shape Many, Shape One)? _bound;
    private JoinPlan? _plan;
    private Shape _result = Shape.Empty;
    private double[] _partners = [];
    private ulong[] _partnerValid = [];
    private ulong[] _holds = [];
    private double[] _own = [];

    public JoinNode(Expr.Binary binary, Node left, Node right, ElementStep step)
        : base(binary, left, right)
    {
        (_binary, _step, _tables) = (binary, step, step.Tables);
        _oneIsLeft = binary.Matching.Cardinality == Cardinality.OneToMany;
    }

    private Node Many => Operands[_oneIsLeft ? 1 : 0];

    private Node One => Operands[_oneIsLeft ? 0 : 1];

    private bool Filters => _binary.Op.IsComparison() && !_binary.ReturnsBool;

    protected override int RowsOf(int lane) => Element.Fewer(Many.RowsAt(lane), One.RowsAt(_plan!.IsAligned ? lane : _plan.Partner[lane]));

    protected override IEnumerable<int> InOrder() => Many.Ordered().Where(Valid.Has);

    protected override void Compute(Moment moment)
    {
        if (_bound != (Many.Shape, One.Shape))
        {
            Bind(Many.Shape, One.Shape);
        }

        if (_plan is null)
        {
            ComputeElements(_step, moment);
            return;
        }

        LeaveElements();
        Shape = _result;
        Valid = Sized(Valid, Shape.Words);
        var (values, valid) = Meet(_plan);
        var (left, right) = _oneIsLeft ? (values, Many.Values) : (Many.Values, values);
        for (var word = 0; word < Valid.Length; word++)
        {
            Valid[word] = Many.Valid[word] & valid[word];
        }

        if (Filters)
        {
            Keep(left, right);
        }
        else
        {
            Values = _own = Sized(_own, Shape);
            LaneMaps.Pairwise(_binary.Op, left.AsSpan(0, _own.Length), right.AsSpan(0, _own.Length), _own);
        }
    }

    /// <summary>A comparison keeps the left value of the lanes for which it holds.</summary>
    private void Keep(double[] left, double[] right)
    {
        _holds = Sized(_holds, Valid.Length);
        Lanewise.Compare(_binary.Op, left, right, new(Valid, _holds));
        (Valid, _holds) = (_holds, Valid);
        if (!_oneIsLeft)
        {
            Values = left;
            return;
        }

        Values = _own = Sized(_own, Shape);
        left.AsSpan(0, _own.Length).CopyTo(_own);
    }

    private (double[] Values, ulong[] Valid) Meet(JoinPlan plan)
    {
        if (plan.IsAligned)
        {
            return (One.Values, One.Valid);
        }

        _partners = Sized(_partners, _result);
        _partnerValid = Sized(_partnerValid, _result.Words);
        Array.Clear(_partnerValid);
        for (var lane = 0; lane < plan.Partner.Length; lane++)
        {
            var partner = plan.Partner[lane];
            if (partner >= 0 && One.Valid.Has(partner))
            {
                _partners[lane] = One.Values[partner];
                _partnerValid.Put(lane, true);
            }
        }

        return (_partners, _partnerValid);
    }

    private void Bind(Shape many, Shape one)
    {
        _bound = (many, one);
        _plan = _tables.Joins.Find(many, one, _binary.Matching, _tables.Labels);
        if (_plan is null)
        {
            return;
        }

        var labels = new Labels[many.Count];
        for (var lane = 0; lane < labels.Length; lane++)
        {
            var partner = _plan.IsAligned ? lane : _plan.Partner[lane];
            labels[lane] = partner < 0 ? many.Labels[lane] : Matched.ResultLabels(_binary, many.Labels[lane], one.Labels[partner]);
        }

        _result = _tables.Labels.Shape(_binary.ReturnsBool ? Array.ConvertAll(labels, named => named.WithoutMetadata()) : labels);
        var severalMeet = _binary.Matching.Cardinality == Cardinality.OneToOne && !_tables.Labels.AreDistinct(many, _binary.Matching);
        _plan = _result.IsUnique && !severalMeet ? _plan : null;
    }
}
