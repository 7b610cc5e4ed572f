using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>One part of an expression computed by the evaluator, over operands that are known already.</summary>
internal sealed class ElementStep(Expr expr, IReadOnlyList<(Expr Part, Node Node)> operands, NetworkTables tables)
{
    private readonly Dictionary<Expr, Value> _known = new(ReferenceEqualityComparer.Instance);

    public NetworkTables Tables => tables;

    public Value Evaluate(Moment moment, out ExpressionError? failure)
    {
        foreach (var (part, node) in operands)
        {
            _known[part] = node.ToValue();
        }

        var run = new Run(moment.Snapshot, tables.Options, moment.At, moment.At) { Known = _known };
        var value = run.Evaluate(expr, moment.At);
        failure = run.Failure;
        return value;
    }
}
