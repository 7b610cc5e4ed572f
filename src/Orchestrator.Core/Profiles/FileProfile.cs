using System.Collections.Immutable;

namespace Orchestrator.Core.Profiles;

/// <summary>What a look at a file of rows says about its columns.</summary>
/// <param name="Columns">In the order of the file.</param>
public sealed record FileProfile(long Rows, ImmutableArray<ColumnProfile> Columns)
{
    public ColumnProfile? Find(string name) => Columns.FirstOrDefault(column => column.Name == name);
}

/// <summary>What the values of a column look like.</summary>
public enum ColumnKind
{
    Whole,
    Floating,
    Instant,
    Category,
}

/// <summary>One column.</summary>
/// <param name="Filled">Rows with a value.</param>
/// <param name="MeanWords">Words of a value on average, parted by white space; 0 where the values are no text.</param>
/// <param name="IsSequence">Whole numbers that go up by one from row to row.</param>
/// <param name="Values">The values from the most frequent to the rarest; empty where there are more than <see cref="MostValues"/>.</param>
public sealed record ColumnProfile(
    string Name, ColumnKind Kind, long Filled, long Distinct, double MeanWords, bool IsSequence, ImmutableArray<ValueCount> Values)
{
    /// <summary>Distinct values up to which a column is taken for a set of names.</summary>
    public const int MostValues = 50;

    public bool IsNumber => Kind is ColumnKind.Whole or ColumnKind.Floating;

    public bool IsConstant => Distinct <= 1;
}

/// <summary>A value and the number of rows that carry it.</summary>
public sealed record ValueCount(string Value, long Rows);
