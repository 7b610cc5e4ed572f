using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>An aggregation: the lanes of each group put together to one.</summary>
internal sealed class FoldNode : Node
{
    private readonly Grouping? _grouping;
    private readonly Func<ReadOnlySpan<double>, double> _reduce;
    private readonly ElementStep _step;
    private readonly bool _anyOrder;
    private Shape? _bound;
    private Shape _groups = Shape.Empty;
    private int[] _starts = []; // by group, where its lanes begin in _lanes
    private int[] _lanes = [];
    private int[] _groupOf = [];
    private double[] _gathered = [];

    public FoldNode(Expr.Aggregate aggregate, Node operand, Func<ReadOnlySpan<double>, double> reduce, ElementStep step)
        : base(aggregate, operand)
    {
        (_grouping, _reduce, _step) = (aggregate.Grouping, reduce, step);
        _anyOrder = aggregate.Op is AggregateOp.Count or AggregateOp.Group;
    }

    protected override bool MayReorder => _grouping is not null;

    /// <summary>Groups in the order in which they first occur.</summary>
    protected override IEnumerable<int> InOrder() => Operands[0].Ordered().Select(lane => _groupOf[lane]).Distinct();

    protected override int RowsOf(int lane)
    {
        var rows = 0;
        for (var i = _starts[lane]; i < _starts[lane + 1]; i++)
        {
            rows = Operands[0].Valid.Has(_lanes[i]) ? Element.Fewer(rows, Operands[0].RowsAt(_lanes[i])) : rows;
        }

        return rows;
    }

    protected override void Compute(Moment moment)
    {
        var operand = Operands[0];
        if (operand.Reorders && !_anyOrder)
        {
            ComputeElements(_step, moment);
            return;
        }

        if (_bound != operand.Shape)
        {
            Bind(operand.Shape);
        }

        Shape = _groups;
        Values = Sized(Values, Shape);
        Valid = Sized(Valid, Shape.Words);
        Array.Clear(Valid);
        for (var group = 0; group < Shape.Count; group++)
        {
            Fold(group, operand);
        }
    }

    private void Fold(int group, Node operand)
    {
        var count = 0;
        for (var i = _starts[group]; i < _starts[group + 1]; i++)
        {
            var lane = _lanes[i];
            _gathered[count] = operand.Values[lane];
            count += operand.Valid.Has(lane) ? 1 : 0;
        }

        Valid.Put(group, count > 0);
        if (count > 0)
        {
            Values[group] = _reduce(_gathered.AsSpan(0, count));
        }
    }

    private void Bind(Shape shape)
    {
        _bound = shape;
        var labels = new List<Labels>();
        var numbers = new Dictionary<Labels, int>();
        var signature = new Signature(_grouping);
        _groupOf = new int[shape.Count];
        for (var lane = 0; lane < shape.Count; lane++)
        {
            var key = signature.Of(shape.Labels[lane]);
            if (numbers.TryAdd(key, labels.Count))
            {
                labels.Add(key);
            }

            _groupOf[lane] = numbers[key];
        }

        _groups = _step.Tables.Labels.Shape(labels);
        _lanes = [.. Enumerable.Range(0, shape.Count).OrderBy(lane => _groupOf[lane])];
        _starts = new int[labels.Count + 1];
        foreach (var group in _groupOf)
        {
            _starts[group + 1]++;
        }

        for (var group = 0; group < labels.Count; group++)
        {
            _starts[group + 1] += _starts[group];
        }

        _gathered = new double[shape.Count + 1];
    }
}
