using Orchestrator.Core.Expressions.Evaluation;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>What the nodes of a network have in common.</summary>
internal sealed class NetworkTables(EvaluationOptions options)
{
    public EvaluationOptions Options => options;

    public long Lookback => options.Lookback;

    public LabelTable Labels { get; } = new();

    public JoinPlans Joins { get; } = new();
}
