using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Tests.Datasets;

/// <summary>Rows of versions as people look at them: pages of rows, and what is other in one version than in another.</summary>
public sealed class VersionPagesTests : IDisposable
{
    private readonly PetsDataset _pets = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_holds_the_rows_from_its_number_on_in_the_order_of_their_ids()
    {
        _pets.Author("id,x,y,kind\nc,3,2,cat\nb,2,,dog\na,1,0.5,cat\n");
        var version = (await _pets.SyncAsync())!;

        var page = _pets.Versions.Pages.Read(version, new RowSpan(1, 2), Cancel);

        Assert.Equal((3L, 1L, "id", "kind"), (page.Total, page.Offset, page.Id, page.Label));
        Assert.Equal(["id", "x", "y", "kind"], page.Columns.Select(column => column.Name));
        Assert.Equal(["b|2|-|dog", "c|3|2|cat"], page.Rows.Select(Line));
        Assert.Empty(_pets.Versions.Pages.Read(version, new RowSpan(3, 2), Cancel).Rows);
    }

    [Fact]
    public async Task A_column_named_as_rows_are_numbered_is_shown_as_the_authors()
    {
        _pets.Author("id,file_row_number,kind\nb,7,dog\na,9,cat\nc,8,cat\n");

        var page = _pets.Versions.Pages.Read((await _pets.SyncAsync())!, new RowSpan(1, 1), Cancel);

        Assert.Equal(["b|7|dog"], page.Rows.Select(Line));
    }

    [Fact]
    public async Task Of_a_long_cell_its_beginning_is_shown()
    {
        _pets.Author($"id,x,kind\na,{new string('z', 1001)},cat\nb,{new string('y', 1000)},dog\n");

        var page = _pets.Versions.Pages.Read((await _pets.SyncAsync())!, new RowSpan(0, 2), Cancel);

        Assert.Equal([new string('z', 1000) + "…", new string('y', 1000)], page.Rows.Select(row => row[1]));
    }

    [Fact]
    public async Task Rows_relabelled_changed_dropped_and_added_are_told_apart()
    {
        var before = (await _pets.SyncAsync())!;
        _pets.Author("id,x,y,kind\na,1,0.5,dog\nb,2,1.5,dog\nd,4,4,cat\n");
        var after = (await _pets.SyncAsync())!;

        var changes = _pets.Versions.Comparison.Read(before, after, new RowSpan(0, 10), Cancel);

        Assert.Equal(["added 1", "changed 1", "dropped 1", "relabelled 1"], changes.Counts.Select(count => $"{count.Key} {count.Value}"));
        Assert.Equal(
            ["a relabelled a|1|0.5|cat -> a|1|0.5|dog: 3", "b changed b|2|-|dog -> b|2|1.5|dog: 2", "c dropped c|3|2|cat -> : ", "d added  -> d|4|4|cat: "],
            changes.Rows.Select(Line));
        Assert.Equal((before.Id, after.Id, 4L), (changes.From, changes.To, changes.Total));
        var second = _pets.Versions.Comparison.Read(before, after, new RowSpan(2, 1), Cancel);
        Assert.Equal((4L, 2L, "c"), (second.Total, second.Offset, Assert.Single(second.Rows).Id));
    }

    [Fact]
    public async Task The_same_rows_are_not_other_whatever_their_order_and_types()
    {
        var before = (await _pets.SyncAsync())!;
        _pets.Author("kind,y,x,id\ncat,2,3.0,c\ndog,,2.0,b\ncat,0.5,1.0,a\ncat,0.5,1.5,d\n");
        var after = (await _pets.SyncAsync())!;

        var changes = _pets.Versions.Comparison.Read(before, after, new RowSpan(0, 10), Cancel);

        Assert.Equal(("BIGINT", "DOUBLE"), (Type(before, "x"), Type(after, "x")));
        Assert.Equal(["d added  -> d|1.5|0.5|cat: "], changes.Rows.Select(Line));
    }

    /// <summary>Row a stood there twice and once more as a dog; now it stands there once, and twice as a dog.</summary>
    [Fact]
    public async Task Rows_that_share_an_id_are_counted_by_their_content()
    {
        _pets.Author("id,x,kind\na,1,cat\na,1,cat\na,1,cat\na,1,dog\n");
        var before = (await _pets.SyncAsync())!;
        _pets.Author("id,x,kind\na,1,cat\na,2,dog\na,2,dog\na,1,dog\n");
        var after = (await _pets.SyncAsync())!;

        var changes = _pets.Versions.Comparison.Read(before, after, new RowSpan(0, 10), Cancel);

        Assert.Equal(["a added 2", "a dropped 2"], changes.Rows.Select(row => $"{row.Id} {row.Kind} {row.Times}"));
        Assert.Equal(["added 2", "dropped 2"], changes.Counts.Select(count => $"{count.Key} {count.Value}"));
    }

    [Fact]
    public async Task A_column_that_goes_makes_no_row_other()
    {
        var before = (await _pets.SyncAsync())!;
        _pets.Author("id,x,z,kind\na,1,8,cat\nb,2,8,dog\nc,3,8,dog\n");
        var after = (await _pets.SyncAsync())!;

        var changes = _pets.Versions.Comparison.Read(before, after, new RowSpan(0, 10), Cancel);

        Assert.Equal(("y", "z"), (Assert.Single(changes.Gone), Assert.Single(changes.Come)));
        Assert.Equal(["id", "x", "y", "kind", "z"], changes.Columns);
        Assert.Equal(["c relabelled c|3|2|cat|- -> c|3|-|dog|8: 3"], changes.Rows.Select(Line));
    }

    [Fact]
    public async Task What_is_other_is_kept_and_is_the_same_when_what_was_kept_is_deleted_or_comes_from_another_process()
    {
        var before = (await _pets.SyncAsync())!;
        _pets.Author("id,x,y,kind\na,1,0.5,dog\nb,2,1.5,dog\nd,4,4,cat\n");
        var after = (await _pets.SyncAsync())!;
        string[] Read(int offset) => [.. _pets.Versions.Comparison.Read(before, after, new RowSpan(offset, 2), Cancel).Rows.Select(Line)];
        string[] first = ["a relabelled a|1|0.5|cat -> a|1|0.5|dog: 3", "b changed b|2|-|dog -> b|2|1.5|dog: 2"];
        string[] second = ["c dropped c|3|2|cat -> : ", "d added  -> d|4|4|cat: "];

        Assert.Equal(first, Read(0));
        var kept = Assert.Single(Directory.GetFiles(_pets.Comparisons));
        Assert.Equal(second, Read(2));

        File.Delete(kept);
        Assert.Equal(second, Read(2));
        Directory.Delete(_pets.Comparisons, recursive: true);
        Assert.Equal(first, Read(0));
        Assert.Equal(kept, Assert.Single(Directory.GetFiles(_pets.Comparisons)));
        Assert.Equal(["a relabelled", "b changed", "c added", "d dropped"], _pets.Versions.Comparison.Read(after, before, new RowSpan(0, 9), Cancel).Rows.Select(row => $"{row.Id} {row.Kind}"));
        Assert.Equal(2, Directory.GetFiles(_pets.Comparisons).Length);

        File.Delete(_pets.Versions.FileOf(before));
        Assert.Equal(4, _pets.Versions.Comparison.Read(before, after, new RowSpan(4, 2), Cancel).Total);
    }

    [Fact]
    public async Task Rows_without_ids_are_dropped_and_added_in_the_order_of_their_places()
    {
        _pets.Author("id,x,kind\n,1,cat\n,2,cat\n,3,dog\n");
        var before = (await _pets.SyncAsync())!;
        _pets.Author("id,x,kind\n,2,cat\n,5,dog\n,4,dog\n");
        var after = (await _pets.SyncAsync())!;

        var changes = _pets.Versions.Comparison.Read(before, after, new RowSpan(0, 9), Cancel);

        Assert.Equal([" added  -> -|4|dog: ", " added  -> -|5|dog: ", " dropped -|1|cat -> : ", " dropped -|3|dog -> : "], changes.Rows.Select(Line));
    }

    [Fact]
    public async Task A_patch_shows_what_it_would_do()
    {
        var version = (await _pets.SyncAsync())!;
        var rows = await _pets.Versions.RowsAsync(version, ["b", "c"], Cancel);
        var patch = DataPatch.Of("pets", version.Id,
        [
            new RowChange.Relabel("a", PetsDataset.ContentOfA, "cat", "dog"), new RowChange.Drop("b", rows[0].Cells), new RowChange.Quarantine("c", rows[1].Cells),
            new RowChange.Add("d", rows[0].Cells.SetItem("id", "d")),
        ]);
        var pages = new PatchPages(_pets.Versions, _pets.Versions.Pages);

        var changes = pages.Read(patch, new RowSpan(0, 10), Cancel)!;

        Assert.Equal(
            ["a relabelled a|1|0.5|cat -> a|1|0.5|dog: 3", "b dropped b|2|-|dog -> : ", "c quarantined c|3|2|cat -> : ", "d added  -> d|2|-|dog: "], changes.Rows.Select(Line));
        Assert.Equal((4L, null), (changes.Total, changes.To));
        Assert.Equal(["c"], pages.Read(patch, new RowSpan(2, 1), Cancel)!.Rows.Select(row => row.Id));
        Assert.Empty(pages.Read(patch, new RowSpan(99, 1), Cancel)!.Rows);
        Assert.Null(pages.Read(patch with { Base = "another" }, new RowSpan(0, 1), Cancel));
    }

    public void Dispose() => _pets.Dispose();

    private static string Type(DatasetVersion version, string column) => version.Manifest.Columns.Single(one => one.Name == column).Type;

    private static string Line(ImmutableArray<string?> cells) => string.Join('|', cells.Select(cell => cell ?? "-"));

    private static string Line(ChangedRow row) =>
        $"{row.Id} {row.Kind} {(row.Before is { } before ? Line(before) : "")} -> {(row.After is { } after ? Line(after) : "")}: {string.Join(' ', row.Changed)}";
}
