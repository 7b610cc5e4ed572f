using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Orchestrator.Core.Metrics.Reductions;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Copies columns of numbers out of DuckDB block by block: a call for each value takes longer than the query.</summary>
internal static class ColumnReading
{
    private delegate void Use(ref DuckDBResult result);

    /// <param name="sql">A query whose columns are <c>double</c> or <c>usmallint</c> and have no nulls.</param>
    public static ColumnBlock Read(DuckDBConnection connection, string sql)
    {
        Array[] columns = [];
        With(connection, sql, (ref DuckDBResult result) => columns = Copied(ref result));
        return new([.. columns.OfType<double[]>()], [.. columns.OfType<ushort[]>()]);
    }

    /// <summary>Hands out the rows of a result block by block, without copying them; a block is of no use after its turn.</summary>
    /// <param name="sql">A query whose columns are of fixed size and have no nulls.</param>
    public static void Read(DuckDBConnection connection, string sql, Action<ResultBlock> take) =>
        With(connection, sql, (ref DuckDBResult result) => Each(ref result, take));

    private static void With(DuckDBConnection connection, string sql, Use use)
    {
        var state = NativeMethods.Query.DuckDBQuery(connection.NativeConnection, sql, out var result);
        try
        {
            if (state != DuckDBState.Success)
            {
                throw Fault(connection, sql);
            }

            use(ref result);
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

    private static void Each(ref DuckDBResult result, Action<ResultBlock> take)
    {
        var left = NativeMethods.Query.DuckDBRowCount(ref result);
        while (left > 0)
        {
            using var chunk = NativeMethods.Query.DuckDBFetchChunk(result);
            var block = new ResultBlock(chunk);
            take(block);
            left -= block.Count;
        }
    }

    private static Array[] Copied(ref DuckDBResult result)
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

        var at = 0;
        Each(ref result, block =>
        {
            Copy(block, columns, at);
            at += block.Count;
        });
        return columns;
    }

    private static void Copy(ResultBlock block, Array[] columns, int at)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] is double[] numbers)
            {
                block.Column<double>(i).CopyTo(numbers.AsSpan(at));
            }
            else
            {
                block.Column<ushort>(i).CopyTo(((ushort[])columns[i]).AsSpan(at));
            }
        }
    }
}

/// <summary>Successive rows of a result, column by column, where DuckDB keeps them.</summary>
internal readonly ref struct ResultBlock(DuckDBDataChunk chunk)
{
    public int Count { get; } = (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);

    /// <summary>The values of a column without nulls, by its place in the query.</summary>
    public unsafe ReadOnlySpan<T> Column<T>(int index)
        where T : unmanaged => new(NativeMethods.Vectors.DuckDBVectorGetData(NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, index)), Count);
}
