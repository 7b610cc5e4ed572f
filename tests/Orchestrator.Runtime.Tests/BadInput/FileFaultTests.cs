using System.IO.Compression;
using System.Text;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Runtime.Tests.Monitors;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>What other programs write: read as it is meant, or told by file and line while the file beside it is measured.</summary>
public sealed class FileFaultTests
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          bad: {connection: data, path: FILE, split: test, roles: {id: id, features: [x, t]}}
          good: {connection: data, path: good.csv, split: test, roles: {id: id}}
        metrics: [data_rows]
        min_rows: 1
        """;

    [Theory]
    [InlineData("r.csv", "id,x,t\na,1,ok\nb,2,MÜ\n", "latin1", "r.csv line 3 is not UTF-8 (byte 0xDC): save it as UTF-8, not as Latin-1 or Windows-1252")]
    [InlineData("r.csv.gz", "id,x,t\na,1,ok\nb,2,MÜ\n", "latin1", "r.csv.gz line 3 is not UTF-8 (byte 0xDC): save it as UTF-8, not as Latin-1 or Windows-1252")]
    [InlineData("r.jsonl", "{\"id\": \"a\", \"x\": 1, \"t\": \"Ü\"}\n", "latin1", "r.jsonl line 1 is not UTF-8 (byte 0xDC): save it as UTF-8, not as Latin-1 or Windows-1252")]
    [InlineData("r.csv", "id,x,t\na,1,ok\n", "utf-16", "r.csv is UTF-16: save it as UTF-8")]
    [InlineData("r.csv", "id,x,t\na,1,ok\nb,2\nc,3,ok\n", "utf-8", "r.csv line 3 has 2 fields, and the header 3")]
    [InlineData("r.csv", "id,x,t\na,1,ok\nb,2,ok,more\nc,3,ok\n", "utf-8", "r.csv line 3 has 4 fields, and the header 3")]
    [InlineData("r.csv", "id,x\na,1,ok\nb,2,ok\nc,3,ok\n", "utf-8", "r.csv line 2 has 3 fields, and the header 2")]
    [InlineData("r.tsv", "id\tx\tt\na\t1\tok\nb\t2\n", "utf-8", "r.tsv line 3 has 2 fields, and the header 3")]
    [InlineData("r.csv", "id,x,t\na,1,\"ok\nb,2,ok\nc,3,ok\n", "utf-8", "r.csv line 2 opens a quote that is never closed")]
    [InlineData("r.jsonl", "{\"id\": \"a\", \"x\": 1, \"t\": \"ok\"}\n{\"id\": \"b\",\n", "utf-8", "r.jsonl line 2 is no JSON object")]
    [InlineData("r.jsonl", "\uFEFF{\"id\": \"a\", \"x\": 1, \"t\": \"ok\"}\n", "utf-8", "r.jsonl line 1 begins with a byte order mark: save it as UTF-8 without one")]
    [InlineData("r.parquet", "PAR1 and nothing more", "utf-8", "Invalid Input Error: No magic bytes found at end of file 'r.parquet'")]
    public void What_cannot_be_read_is_told_by_its_line(string file, string text, string encoding, string reason)
    {
        var result = Run(file, Bytes(text, encoding));

        Assert.StartsWith($"test.monitor.yaml:4:33: DATA005 bad: {file} cannot be read: {reason}", Assert.Single(result.Shown()), StringComparison.Ordinal);
        Assert.Equal(1, result.Value("data_rows", ("dataset", "good")));
    }

    [Theory]
    [InlineData("r.csv", "\uFEFFid,x,t\na,1,ok\nb,2,ok\n")]
    [InlineData("r.csv", "id,x,t\r\na,1,ok\r\nb,2,ok\r\n")]
    [InlineData("r.tsv", "id\tx\tt\na\t1\tone, two\nb\t2\tok\n")]
    [InlineData("r.tsv.gz", "id\tx\tt\na\t1\tok\nb\t2\tok\n")]
    [InlineData("r.csv", "id,x,t\na,1,A\0B\nb,2,ok\n")]
    [InlineData("r.jsonl", "{\"id\": \"a\", \"x\": 1}\n{\"t\": \"ok\", \"id\": \"b\"}\n")]
    [InlineData("r.jsonl", "{\"id\": 7, \"x\": 1, \"t\": \"ok\"}\n{\"id\": \"b\", \"x\": 1, \"t\": \"ok\"}\n")]
    public void What_can_be_read_is_read(string file, string text)
    {
        var result = Run(file, Bytes(text, "utf-8"));

        Assert.Empty(result.Problems);
        Assert.Equal(2, result.Value("data_rows", ("dataset", "bad")));
    }

    [Theory]
    [InlineData("r.csv", "id,x,t\na,1,CELL\nb,2,ok\n")]
    [InlineData("r.jsonl", "{\"id\": \"a\", \"x\": 1, \"t\": \"CELL\"}\n{\"id\": \"b\", \"x\": 1, \"t\": \"ok\"}\n")]
    public void A_cell_of_ten_megabytes_is_a_cell(string file, string text)
    {
        var result = Run(file, Bytes(text.Replace("CELL", new string('x', 10_000_000), StringComparison.Ordinal), "utf-8"));

        Assert.Empty(result.Problems);
        Assert.Equal(2, result.Value("data_rows", ("dataset", "bad")));
    }

    private static byte[] Bytes(string text, string encoding)
    {
        var of = Encoding.GetEncoding(encoding);
        return encoding == "utf-16" ? [.. of.GetPreamble(), .. of.GetBytes(text)] : of.GetBytes(text);
    }

    private static MeasurementResult Run(string file, byte[] content)
    {
        using var folder = new TempFolder();
        using (var stored = File.Create(folder[file]))
        {
            using var stream = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stored, CompressionLevel.Fastest) : (Stream)stored;
            stream.Write(content);
        }

        File.WriteAllText(folder["good.csv"], "id\na\n");
        return Measured.Run(folder.Path, Monitor.Replace("FILE", file, StringComparison.Ordinal));
    }
}
