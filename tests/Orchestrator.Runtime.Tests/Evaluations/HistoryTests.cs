using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Evaluations;

namespace Orchestrator.Runtime.Tests.Evaluations;

public sealed class HistoryTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    // 1767571200 is 2026-01-05T00:00:00Z.
    private static readonly LabelledSample[] Expected =
    [
        new(Labels.Of("up", ("job", "a b")), new Sample(Start.ToMicros(), 1)),
        new(Labels.Of("up", ("job", "a b")), new Sample(Start.AddMinutes(1).ToMicros(), 0.5)),
        new(Labels.Of("rows"), new Sample(Start.AddMinutes(1).ToMicros(), 3)),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("h.csv", "time,metric,job,value\n2026-01-05T00:00:00Z,up,a b,1\n2026-01-05 00:01:00,up,a b,0.5\n1767571260,rows,,3\n")]
    [InlineData("h.jsonl", "{\"time\": \"2026-01-05T00:00:00Z\", \"metric\": \"up\", \"job\": \"a b\", \"value\": 1}\n{\"time\": \"2026-01-05T00:01:00Z\", \"metric\": \"up\", \"job\": \"a b\", \"value\": 0.5}\n{\"time\": \"2026-01-05T00:01:00Z\", \"metric\": \"rows\", \"value\": 3}\n")]
    [InlineData("h.series", "# two\nstart 2026-01-05T00:00:00Z\nload 1m\n  up{job=\"a b\"} 1 0.5\n  rows _ 3\n")]
    [InlineData("h.test.yaml", "tests:\n  - {start_timestamp: 2026-01-05T00:00:00Z, input_series: [{series: 'up{job=\"a b\"}', values: 1 0.5}, {series: rows, values: _ 3}]}\n  - {}\n")]
    [InlineData("h.om", "# TYPE up gauge\nup{job=\"a b\"} 1 1767571200\nup{job=\"a b\"} 5e-1 1767571260.0 # {id=\"x\"} 1\nrows 3 1767571260\n# EOF\n")]
    [InlineData("h.prom", "up{job=\"a b\"} 1 1767571200000\nup{job=\"a b\"} 0.5 1767571260000\nrows 3 1767571260000\n")]
    public void Samples_are_the_same_from_every_kind_of_file(string name, string text)
    {
        var read = History.Read(Write(name, text));
        Assert.Empty(read.Diagnostics);
        Assert.Equal(Expected.OrderBy(Key), read.Value!.OrderBy(Key));
    }

    [Fact]
    public void Parquet_brings_rows_and_the_end_of_validity_too()
    {
        var path = _folder["h.parquet"];
        using (var connection = Analytics.Open(new AnalyticsOptions(Threads: 1)))
        {
            connection.Run($"copy (select timestamp '2026-01-05 00:00:00' as time, 'up' as __name__, 'x' as job, 2.5::double as value, 7 as rows, timestamp '2026-01-05 12:00:00' as valid_until) to '{path}' (format parquet)");
        }

        Assert.Equal(new LabelledSample(Labels.Of("up", ("job", "x")), new Sample(Start.ToMicros(), 2.5, Start.AddHours(12).ToMicros(), 7)), Assert.Single(History.Read(path).Value!));
    }

    [Theory]
    [InlineData("h.csv", "time,value\n1,2\n", ":1:1: HIST002 the columns are time, value")]
    [InlineData("h.csv", "time,metric,value\n1,a,2\nx,a,2\n", ":3:1: HIST003 row 2 is no sample: time \"x\", metric \"a\", value \"2\"")]
    [InlineData("h.om", "up 1 1\nup 1\n", ":2:1: HIST003 \"up 1\" is no sample with its instant")]
    [InlineData("h.series", "load 1m\nup{ 1\n", ":2:1: HIST003 \"up{ 1\" is no series with values")]
    [InlineData("h.test.yaml", "tests: [{}]\n", ":1:1: HIST004 the file has 0 tests with input")]
    [InlineData("h.xlsx", "", ":1:1: HIST001 ")]
    public void What_is_no_history_is_located(string name, string text, string expected)
    {
        var path = Write(name, text);
        var read = History.Read(path);
        Assert.Null(read.Value);
        Assert.StartsWith(path + expected, read.Diagnostics[0].ToString(), StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }

    private static string Key(LabelledSample sample) => $"{sample.Labels} {sample.Sample.Time}";
}
