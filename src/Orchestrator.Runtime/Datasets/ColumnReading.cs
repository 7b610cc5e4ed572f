using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Orchestrator.Core.Metrics.Reductions;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Copies columns of numbers out of DuckDB block by block: a call for each value takes longer than the query.</summary>
internal static class ColumnReading
{
    /// <param name="sql">A query whose columns are <c>double</c> or <c>usmallint</c> and have no nulls.</param>
    public static ColumnBlock Read(DuckDBConnection connection, string sql)
    {
        var state = NativeMethods.Query.DuckDBQuery(connection.NativeConnection, sql, out var result);
        try
        {
            return state == DuckDBState.Success ? Read(ref result) : throw Fault(connection, sql);
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    /// <summary>Hands out the rows of a result block by block, without copying them; a block is of no use after its turn.</summary>
    /// <param name="sql">A query whose columns are of fixed size and have no nulls.</param>
    public static void Read(DuckDBConnection connection, string sql, Action<ResultBlock> take)
    {
        var state = NativeMethods.Query.DuckDBQuery(connection.NativeConnection, sql, out var result);
        try
        {
            var left = state == DuckDBState.Success ? NativeMethods.Query.DuckDBRowCount(ref result) : throw Fault(connection, sql);
            while (left > 0)
            {
                using var chunk = NativeMethods.Query.DuckDBFetchChunk(result);
                var block = new ResultBlock(chunk);
                take(block);
                left -= block.Count;
            }
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    /// <summary>The same query by the usual way throws the usual exception.</summary>
    private static InvalidOperationException Fault(DuckDBConnection connection, string sql)
    {
        connection.Run(sql);
        return new InvalidOperationException("a query that failed before did not fail again");
    }

    private static ColumnBlock Read(ref DuckDBResult result)
    {
        var rows = NativeMethods.Query.DuckDBRowCount(ref result);
        var columns = new Array[(int)NativeMethods.Query.DuckDBColumnCount(ref result)];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = NativeMethods.Query.DuckDBColumnType(ref result, i) switch
            {
                DuckDBType.Double => new double[rows],
                DuckDBType.UnsignedSmallInt => new ushort[rows],
                var other => throw new InvalidOperationException($"column {i} is of type {other}"),
            };
        }

        for (var at = 0; at < rows;)
        {
            using var chunk = NativeMethods.Query.DuckDBFetchChunk(result);
            at += Copy(chunk, columns, at);
        }

        return new([.. columns.OfType<double[]>()], [.. columns.OfType<ushort[]>()]);
    }

    private static int Copy(DuckDBDataChunk chunk, Array[] columns, int at)
    {
        var count = (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);
        for (var i = 0; i < columns.Length; i++)
        {
            var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, i);
            if (columns[i] is double[] numbers)
            {
                Copy(vector, numbers.AsSpan(at, count));
            }
            else
            {
                Copy(vector, ((ushort[])columns[i]).AsSpan(at, count));
            }
        }

        return count;
    }

    private static unsafe void Copy<T>(nint vector, Span<T> target)
        where T : unmanaged => new ReadOnlySpan<T>(NativeMethods.Vectors.DuckDBVectorGetData(vector), target.Length).CopyTo(target);
}

/// <summary>Successive rows of a result, column by column, where DuckDB keeps them.</summary>
internal readonly ref struct ResultBlock(DuckDBDataChunk chunk)
{
    public int Count { get; } = (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);

    /// <summary>The values of a column without nulls, by its place in the query.</summary>
    public unsafe ReadOnlySpan<T> Column<T>(int index)
        where T : unmanaged => new(NativeMethods.Vectors.DuckDBVectorGetData(NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, index)), Count);
}
