using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Orchestrator.Core.Metrics.Texts;

/// <summary>TF-IDF: (1 + ln count) · (ln((1 + rows) / (1 + rows of the term)) + 1), each row divided by its Euclidean norm; a row without terms stays zero.</summary>
public static class TermWeights
{
    /// <summary>By how many of the rows themselves have each term.</summary>
    public static SparseRows Weighted(SparseRows counts)
    {
        var termRows = new int[counts.Columns];
        for (var row = 0; row < counts.Rows; row++)
        {
            foreach (var term in counts.Indices(row))
            {
                termRows[term]++;
            }
        }

        return Weighted(counts, [.. termRows], counts.Rows);
    }

    /// <param name="termRows">For each term, in how many of <paramref name="rows"/> rows it occurs.</param>
    public static SparseRows Weighted(SparseRows counts, ImmutableArray<int> termRows, int rows)
    {
        var rarity = termRows.Select(with => Math.Log((1.0 + rows) / (1 + with)) + 1).ToArray();
        return counts.Mapped((indices, values, mapped) =>
        {
            for (var i = 0; i < indices.Length; i++)
            {
                mapped[i] = (1 + Math.Log(values[i])) * rarity[indices[i]];
            }

            TensorPrimitives.Divide(mapped, TensorPrimitives.Norm<double>(mapped), mapped);
        });
    }
}
