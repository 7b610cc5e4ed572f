using System.Collections.Immutable;
using DuckDB.NET.Data;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Datasets;

/// <summary>Files are read from copies as they are read themselves, and only what changed is parsed again.</summary>
public sealed class FileCopiesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));
    private readonly Workspace _workspace;
    private readonly FileCopies _copies;

    public FileCopiesTests()
    {
        _workspace = Workspace.Open(_folder["workspace"]);
        _copies = new FileCopies(_workspace, _clock, mostBytes: 1);
    }

    [Theory]
    [InlineData("numbers", "id,x,y\n007,1,2.5\n8,2,\n", "id,x,y\n9,3,0.1\n", 2)]
    [InlineData("whole numbers and others", "id,x\n1,1\n", "id,x\n2,1.5\n", 2)]
    [InlineData("instants and truths", "id,at,ok\n1,2026-01-05 10:00:00,true\n", "id,at,ok\n2,2026-01-06 10:00:00,false\n", 2)]
    [InlineData("quoted texts with line breaks", "id,t\n1,\"a\nb, \"\"c\"\"\"\n", "id,t\n2,\"\"\n", 2)]
    [InlineData("a column only in one", "id,x\n1,1\n", "id,x,z\n2,2,3\n", 2)]
    [InlineData("numbers whose spelling matters beside texts", "id,code\n1,7.50\n", "id,code\n2,none\n", 0)]
    [InlineData("a column without values in one", "id,x\n1,\n", "id,x\n2,5\n", 0)]
    public void Copies_are_read_as_their_files(string what, string first, string second, int read)
    {
        File.WriteAllText(_folder["a.csv"], first);
        File.WriteAllText(_folder["b.csv"], second);

        var (direct, fromCopies, again) = (Rows(null, false), Rows(_copies, false), Rows(_copies, true));

        Assert.Equal(direct, fromCopies);
        Assert.Equal(direct, again);
        Assert.Equal(2, Kept);
        Assert.True(_read == read, $"{what}: {_read} of the files were read from copies");
    }

    [Fact]
    public void What_changed_is_parsed_again_also_where_size_and_time_are_the_same()
    {
        var file = _folder["a.csv"];
        File.WriteAllText(file, "id,x\n1,1\n");
        var time = File.GetLastWriteTimeUtc(file);
        var before = Rows(_copies, true);

        File.WriteAllText(file, "id,x\n1,2\n");
        File.SetLastWriteTimeUtc(file, time);

        Assert.NotEqual(before, Rows(_copies, true));
        Assert.Equal(2, Kept);
    }

    [Fact]
    public void What_was_not_used_for_longest_goes_once_nobody_can_be_reading_it()
    {
        File.WriteAllText(_folder["a.csv"], "id,x\n1,1\n");
        _ = Rows(_copies, true);
        _clock.Advance(TimeSpan.FromHours(1));
        File.WriteAllText(_folder["a.csv"], "id,x\n1,2\n");
        _ = Rows(_copies, true);
        Assert.Equal(2, Kept);

        _clock.Advance(TimeSpan.FromHours(1.5));
        File.WriteAllText(_folder["a.csv"], "id,x\n1,3\n");
        _ = Rows(_copies, true);

        Assert.Equal(2, Kept);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told_as_without_copies()
    {
        File.WriteAllText(_folder["a.csv"], "id,x\n1,1\n2,\"open\n");

        Assert.Equal(Rows(null, false), Rows(_copies, true));
        Assert.Equal(0, Kept);
    }

    [Fact]
    public void A_file_of_Parquet_that_is_replaced_while_it_is_read_is_noticed()
    {
        var file = _folder["a.parquet"];
        using var connection = Analytics.Open(new AnalyticsOptions());
        connection.Run($"copy (select 1 as x) to '{file}' (format parquet)");
        var table = Load(connection, [file], null, true)!;
        Assert.Null(table.Changed);

        connection.Run($"copy (select 1 as x, 2 as y) to '{file}' (format parquet)");

        Assert.Equal("a.parquet", table.Changed);
    }

    public void Dispose()
    {
        _workspace.Dispose();
        _folder.Dispose();
    }

    private int _read;

    private int Kept => Directory.GetFiles(Path.Combine(_workspace.Folder, "copies"), "*.parquet").Length;

    /// <summary>Columns with their types, and rows with their places; or what is wrong.</summary>
    private List<string> Rows(FileCopies? copies, bool asView)
    {
        using var connection = Analytics.Open(new AnalyticsOptions());
        var files = Directory.GetFiles(_folder.Path, "*.csv").Order(StringComparer.Ordinal).ToImmutableArray();
        var problems = ImmutableArray.CreateBuilder<MeasurementProblem>();
        if (Load(connection, files, copies, asView, problems) is not { } table)
        {
            return [.. problems.Select(problem => problem.Diagnostic.ToString())];
        }

        _read = table.Files.Count;
        var values = connection.Query("select \"@file\", \"@row\", * exclude (\"@file\", \"@row\") from t order by 1, 2", reader =>
            string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Orchestrator.Core.Metrics.RowContent.Text(reader.GetValue(i)) ?? "null")));
        return [.. table.Columns.Select(column => column.ToString()), .. values];
    }

    private static SourceTable? Load(
        DuckDBConnection connection, ImmutableArray<string> files, FileCopies? copies, bool asView, ImmutableArray<MeasurementProblem>.Builder? problems = null)
    {
        var yaml = YamlFile.Read("m.monitor.yaml", "datasets: {d: {path: p}}").Value!;
        var request = new SourceTableRequest("t", files, "*.csv", ["path"], ["id"]) { AreAuthored = files[0].EndsWith(".parquet", StringComparison.Ordinal), IsView = asView, Copies = copies };
        return SourceTable.Load(connection, request, new DatasetProblems(yaml, "d", problems ?? ImmutableArray.CreateBuilder<MeasurementProblem>()));
    }
}
