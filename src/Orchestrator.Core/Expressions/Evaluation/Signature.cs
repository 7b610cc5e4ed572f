using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>The part of an element's labels by which it finds its partners or its group: some of them, or all but some.</summary>
internal readonly struct Signature
{
    private readonly string[] _names;
    private readonly bool _keeps;

    /// <summary>The labels of <c>on</c>, or all but those of <c>ignoring</c> and the name.</summary>
    public Signature(VectorMatching matching)
    {
        _keeps = matching.On;
        _names = matching.On ? [.. matching.Labels] : [.. matching.Labels, Labels.NameLabel];
    }

    /// <summary>The labels of <c>by</c>, none without a grouping, or all but those of <c>without</c> and the name.</summary>
    public Signature(Grouping? grouping)
    {
        _keeps = grouping is not { Without: true };
        _names = grouping is null ? [] : grouping.Without ? [.. grouping.Labels, Labels.NameLabel] : [.. grouping.Labels];
    }

    public Labels Of(Labels labels) => _keeps ? labels.Only(_names) : labels.Without(_names);
}
