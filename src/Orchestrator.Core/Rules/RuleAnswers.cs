using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Compilation;
using Orchestrator.Core.Expressions.Evaluation;

namespace Orchestrator.Core.Rules;

/// <summary>The expressions of a group's rules in the network, each computed when it is asked for.</summary>
internal sealed class RuleAnswers(Network network)
{
    private readonly Dictionary<Expr, Node> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Rule.Alerting, Expr> _presence = new(ReferenceEqualityComparer.Instance);

    public Node Add(Expr expr) => _nodes[expr] = network.Add(expr);

    /// <summary>Also what tells a false condition from one without data.</summary>
    public void AddPresence(Rule.Alerting rule)
    {
        var presence = Presence.Of(rule.Expression.Root);
        _presence.Add(rule, presence);
        Add(presence);
    }

    public Expr? PresenceOf(Rule.Alerting rule) => _presence.GetValueOrDefault(rule);

    /// <summary>What an expression yields now; none where it was not added.</summary>
    public Evaluation? Of(Expr expr)
    {
        if (!_nodes.TryGetValue(expr, out var node))
        {
            return null;
        }

        node.Refresh(network.Moment);
        return node switch
        {
            { Failure: { } failure } => new Evaluation.Failed(failure),
            { IsScalar: true } => new Evaluation.Scalar(node.Number, node.NumberRows),
            _ => new Evaluation.Vector([.. node.Ordered().Select(lane => new VectorSample(node.Shape.Labels[lane], node.Values[lane], node.RowsAt(lane)))]),
        };
    }
}
