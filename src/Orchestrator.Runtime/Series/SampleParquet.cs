using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Series;

/// <summary>Samples as Parquet files: a row a sample, in the order of series and times.</summary>
internal sealed class SampleParquet : IDisposable
{
    private const string Create =
        "create or replace table part (series bigint, time bigint, value double, valid_until bigint, rows integer, batch bigint)";

    private readonly DuckDBConnection _connection;
    private DuckDBAppender? _appender;

    public SampleParquet()
    {
        _connection = Analytics.Open(new AnalyticsOptions(1));
        _connection.Run("set memory_limit = '512MB'");
    }

    public void Begin()
    {
        _connection.Run(Create);
        _appender = _connection.CreateAppender("part");
    }

    public void Add(long series, in Sample sample) => _appender!.CreateRow()
        .AppendValue(series).AppendValue(sample.Time).AppendValue(sample.Value).AppendValue(sample.ValidUntil).AppendValue(sample.Rows).AppendValue(sample.Batch).EndRow();

    /// <summary>Writes what was added since the beginning. Values are stored one by one: a dictionary would take different zeros and NaNs for one.</summary>
    public void Write(string path)
    {
        _appender!.Dispose();
        _appender = null;
        _connection.Run($"copy part to {Sql.Text(path)} (format parquet, compression zstd, parquet_version v2, dictionary_size_limit 1)");
        _connection.Run("drop table part");
    }

    /// <summary>Writes the label sets that the numbers stand for, or where batches came from.</summary>
    public void WriteNames(string path, (string Number, string Name) columns, IEnumerable<(long Number, string Name)> names)
    {
        _connection.Run($"create or replace table names ({columns.Number} bigint, {columns.Name} text)");
        using (var appender = _connection.CreateAppender("names"))
        {
            foreach (var (number, name) in names)
            {
                appender.CreateRow().AppendValue(number).AppendValue(name).EndRow();
            }
        }

        _connection.Run($"copy names to {Sql.Text(path)} (format parquet, compression zstd)");
    }

    /// <summary>Hands out the samples of the series from one number up to before another, series by series.</summary>
    public void Read(string path, (long From, long Before) series, Action<long, ReadOnlySpan<Sample>> take)
    {
        var samples = new List<Sample>();
        var current = long.MinValue;
        ColumnReading.Read(_connection, Select(path, series), block =>
        {
            var numbers = block.Column<long>(0);
            for (var (start, end) = (0, 0); start < numbers.Length; start = end)
            {
                end = EndOf(numbers, start);
                if (numbers[start] != current)
                {
                    Hand(current, samples, take);
                    current = numbers[start];
                }

                Gather(block, (start, end), samples);
            }
        });
        Hand(current, samples, take);
    }

    public void Dispose()
    {
        _appender?.Dispose();
        _connection.Dispose();
    }

    private static string Select(string path, (long From, long Before) series) => string.Create(CultureInfo.InvariantCulture, $"""
        select series, time, value, valid_until, rows, batch from read_parquet({Sql.Text(path)}) where series >= {series.From} and series < {series.Before}
        """);

    /// <summary>Where the run of one number ends.</summary>
    private static int EndOf(ReadOnlySpan<long> numbers, int start)
    {
        var length = numbers[start..].IndexOfAnyExcept(numbers[start]);
        return length < 0 ? numbers.Length : start + length;
    }

    private static void Gather(ResultBlock block, (int Start, int End) rows, List<Sample> samples)
    {
        var times = block.Column<long>(1);
        var values = block.Column<double>(2);
        var validity = block.Column<long>(3);
        var counts = block.Column<int>(4);
        var batches = block.Column<long>(5);
        for (var i = rows.Start; i < rows.End; i++)
        {
            samples.Add(new Sample(times[i], values[i], validity[i], counts[i], batches[i]));
        }
    }

    private static void Hand(long series, List<Sample> samples, Action<long, ReadOnlySpan<Sample>> take)
    {
        if (samples.Count > 0)
        {
            take(series, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(samples));
            samples.Clear();
        }
    }
}
