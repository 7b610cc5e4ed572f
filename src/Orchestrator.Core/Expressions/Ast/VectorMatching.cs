using System.Collections.Immutable;

namespace Orchestrator.Core.Expressions.Ast;

/// <summary>How many samples of each side may meet: one and one, many left (<c>group_left</c>), many right (<c>group_right</c>).</summary>
public enum Cardinality
{
    OneToOne,
    ManyToOne,
    OneToMany,
}

/// <summary>Which samples of two sides belong together: those equal in some labels (<c>on</c>) or in all but some (<c>ignoring</c>).</summary>
/// <param name="Include">Labels taken over from the one side.</param>
public sealed record VectorMatching(bool On, ImmutableArray<string> Labels, Cardinality Cardinality, ImmutableArray<string> Include)
{
    /// <summary>Equal in all labels but the name.</summary>
    public static VectorMatching Default { get; } = new(false, [], Cardinality.OneToOne, []);

    public bool IsDefault => !On && Labels.IsEmpty && Cardinality == Cardinality.OneToOne;
}

/// <summary>The labels an aggregation keeps (<c>by</c>) or removes (<c>without</c>).</summary>
public sealed record Grouping(bool Without, ImmutableArray<string> Labels);
