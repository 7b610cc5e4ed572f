using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Tests.Storage;

namespace Orchestrator.Runtime.Tests.Datasets;

public sealed class DatasetVersionsTests : IDisposable
{
    private static readonly RowChange AIsADog = new RowChange.Relabel("a", PetsDataset.ContentOfA, "cat", "dog");

    private readonly PetsDataset _pets = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Authored_files_become_version_1_on_first_sight_and_are_not_read_again()
    {
        var first = await _pets.SyncAsync();
        var again = await _pets.SyncAsync();

        Assert.Equal((PetsDataset.Identity, 1, 3L), (first!.Id, first.Number, first.Manifest.Rows));
        Assert.Empty(first.Manifest.Parents);
        Assert.Equal(first.Id, again!.Id);
        Assert.Equal("a=cat b=dog c=cat", await _pets.LabelsAsync(first));
        Assert.Single(_pets.Database.Read(connection => DatasetVersionStore.History(connection, "pets")));
    }

    [Theory]
    [InlineData("pets.csv", "id,x,y,kind\nc,3,2,cat\nb,2,,dog\na,1,0.5,cat\n")]
    [InlineData("pets.csv", "kind,y,x,id\ncat,0.5,1.0,a\ndog,,2.0,b\ncat,2.0,3.0,c\n")]
    [InlineData("pets.jsonl", """
        {"id": "b", "x": 2, "y": null, "kind": "dog"}
        {"id": "c", "x": 3, "y": 2, "kind": "cat"}
        {"id": "a", "x": 1, "y": 0.5, "kind": "cat"}
        """)]
    public async Task The_same_rows_are_the_same_version_whatever_their_order_and_format(string file, string text)
    {
        _pets.Author(text, file);

        Assert.Equal(PetsDataset.Identity, (await _pets.SyncAsync(file))!.Id);
    }

    [Fact]
    public async Task The_number_of_threads_changes_neither_identity_nor_file()
    {
        var seen = new HashSet<(string, string)>();
        foreach (var threads in new[] { 1, 2, 4 })
        {
            using var pets = new PetsDataset(threads);
            pets.Author("id,x,y,kind\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"r{i * 7919 % 20_000:00000},{i % 97},0.{i % 13},{(i % 3 == 0 ? "cat" : "dog")}\n")));
            var version = await pets.SyncAsync();
            seen.Add((version!.Id, version.Manifest.FileSha256));
        }

        Assert.Single(seen);
    }

    [Fact]
    public async Task A_patch_makes_the_next_version_and_its_reverse_leads_back()
    {
        var first = await _pets.SyncAsync();
        var second = await _pets.RebuildAsync("k1", AIsADog);

        Assert.Equal(new VersionChanges(1, 0, 0, 0), second.Changes);
        Assert.Equal((2, first!.Id, "patch"), (second.Version.Number, second.Version.Manifest.Parents.Single(), second.Version.Manifest.Patch));
        Assert.Equal("a=dog b=dog c=cat", await _pets.LabelsAsync(second.Version));
        Assert.Equal(second.Version.Id, _pets.Versions.Current("pets")!.Id);

        var back = await _pets.RebuildAsync("k2", AIsADog.Reversed());
        Assert.Equal(PetsDataset.Identity, back.Version.Id);
        Assert.Equal(PetsDataset.Identity, _pets.Versions.Current("pets")!.Id);
    }

    [Fact]
    public async Task Rows_are_dropped_and_added_and_that_is_reversible_too()
    {
        await _pets.SyncAsync();
        var b = Cells(("id", "b"), ("x", "2"), ("y", null), ("kind", "dog"));
        var d = Cells(("id", "d"), ("x", "4"), ("y", "1.5"), ("kind", "dog"));
        RowChange[] changes = [new RowChange.Drop("b", b), new RowChange.Add("d", d)];

        var changed = await _pets.RebuildAsync("k1", changes);
        Assert.Equal(new VersionChanges(0, 1, 1, 0), changed.Changes);
        Assert.Equal("a=cat c=cat d=dog", await _pets.LabelsAsync(changed.Version));

        var back = await _pets.RebuildAsync("k2", [.. changes.Select(change => change.Reversed())]);
        Assert.Equal(PetsDataset.Identity, back.Version.Id);
    }

    [Fact]
    public async Task A_change_whose_row_is_not_as_it_was_is_skipped()
    {
        await _pets.SyncAsync();
        var rebuilt = await _pets.RebuildAsync(
            "k1",
            new RowChange.Relabel("a", "content of another time", "cat", "dog"),
            new RowChange.Relabel("x", PetsDataset.ContentOfA, "cat", "dog"),
            new RowChange.Drop("b", Cells(("id", "b"), ("x", "2"), ("y", "7"), ("kind", "dog"))));

        Assert.Equal(new VersionChanges(0, 0, 0, 3), rebuilt.Changes);
        Assert.Equal(PetsDataset.Identity, rebuilt.Version.Id);
    }

    [Fact]
    public async Task Under_one_key_a_patch_is_applied_once()
    {
        await _pets.SyncAsync();
        var first = await _pets.RebuildAsync("k1", AIsADog);
        var again = await _pets.RebuildAsync("k1", AIsADog);

        Assert.Equal((first.Version.Id, first.Changes), (again.Version.Id, again.Changes));
        Assert.Equal(2, _pets.Database.Read(connection => DatasetVersionStore.History(connection, "pets")).Count);
    }

    [Fact]
    public async Task Undoing_makes_the_version_before_current_unless_something_came_after()
    {
        await _pets.SyncAsync();
        await _pets.RebuildAsync("k1", AIsADog);
        await _pets.Versions.UndoAsync(new VersionChange("u1", "fix-1", PetsDataset.Start), "k1", Cancel);
        Assert.Equal(PetsDataset.Identity, _pets.Versions.Current("pets")!.Id);

        await _pets.RebuildAsync("k2", AIsADog);
        _pets.Author(PetsDataset.Rows + "d,4,1,dog\n");
        var newest = await _pets.SyncAsync();
        await _pets.Versions.UndoAsync(new VersionChange("u2", "fix-1", PetsDataset.Start), "k2", Cancel);
        Assert.Equal(newest!.Id, _pets.Versions.Current("pets")!.Id);
    }

    [Fact]
    public async Task Confirmed_labels_are_put_back_when_the_authored_files_change_but_only_onto_the_same_content()
    {
        await _pets.SyncAsync();
        await _pets.RebuildAsync("k1", AIsADog);
        await _pets.ConfirmAsync("a", PetsDataset.ContentOfA, "dog");
        await _pets.ConfirmAsync("c", "what c was once", "dog");
        _pets.Author(PetsDataset.Rows + "d,4,1,dog\n");

        var third = await _pets.SyncAsync();

        Assert.Equal((3, 1), (third!.Number, third.Manifest.Reapplied));
        Assert.Equal("a=dog b=dog c=cat d=dog", await _pets.LabelsAsync(third));
    }

    [Fact]
    public async Task Rows_in_quarantine_stay_there_when_the_authored_files_change_until_their_author_changes_them()
    {
        await _pets.SyncAsync();
        await _pets.QuarantineAsync("k1", "a", "b");
        _pets.Author("id,x,y,kind,z\na,1,0.5,cat,7\nb,2,,dog,7\nc,3,2,cat,7\nd,4,1,dog,7\n");
        var third = await _pets.SyncAsync();

        Assert.Equal("c=cat d=dog", await _pets.LabelsAsync(third!));
        Assert.Equal(["a", "b"], third!.Manifest.Quarantine!.Value.Select(row => row.Id));

        _pets.Author("id,x,y,kind\na,1,0.5,dog\nb,2,,dog\nc,3,2,cat\n");
        var fourth = await _pets.SyncAsync();
        Assert.Equal("a=dog c=cat", await _pets.LabelsAsync(fourth!));
        Assert.Equal(["b"], _pets.Versions.Current("pets")!.Manifest.Quarantine!.Value.Select(row => row.Id));
    }

    [Fact]
    public async Task Rows_stay_in_quarantine_where_what_is_left_is_a_version_that_was_there_before()
    {
        var first = await _pets.SyncAsync();
        _pets.Author(PetsDataset.Rows + "d,4,1,dog\n");
        var second = await _pets.SyncAsync();
        var rebuilt = await _pets.QuarantineAsync("k1", "d");
        Assert.Equal(first!.Id, rebuilt.Version.Id);

        _pets.Author(PetsDataset.Rows + "d,4,1,dog\ne,5,1,dog\n");
        Assert.Equal("a=cat b=dog c=cat e=dog", await _pets.LabelsAsync((await _pets.SyncAsync())!));

        _pets.Author(PetsDataset.Rows + "d,4,1,dog\n");
        Assert.Equal(first.Id, (await _pets.SyncAsync())!.Id);
        await _pets.Versions.UndoAsync(new VersionChange("u1", "fix-1", PetsDataset.Start), "k1", Cancel);
        Assert.Equal((second!.Id, null), (_pets.Versions.Current("pets")!.Id, _pets.Versions.Current("pets")!.Manifest.Quarantine));
    }

    [Fact]
    public async Task A_row_counts_as_confirmed_while_its_content_and_its_label_stay()
    {
        var first = await _pets.SyncAsync();
        await _pets.ConfirmAsync("a", PetsDataset.ContentOfA, "dog");
        Assert.Empty((await _pets.Versions.ConfirmedAsync(first!, "", Cancel)).HashById);

        var second = await _pets.RebuildAsync("k1", AIsADog);
        Assert.Equal(["a"], (await _pets.Versions.ConfirmedAsync(second.Version, "", Cancel)).HashById.Keys);
        Assert.Empty((await _pets.Versions.ConfirmedAsync(second.Version, "another label set", Cancel)).HashById);
    }

    [Theory]
    [InlineData("id,x,y,sort\na,1,0.5,cat\n", "pets.monitor.yaml:10:14: DATA006 pets: column \"kind\" is missing, the role \"label\" names it; there are id, x, y, sort")]
    [InlineData("", "pets.monitor.yaml:6:11: DATA003 pets: pets.csv is empty; a file has at least a header")]
    public async Task Files_that_cannot_be_read_are_told_and_leave_the_current_version(string text, string problem)
    {
        await _pets.SyncAsync();
        _pets.Author(text);

        var current = await _pets.SyncAsync();

        Assert.Equal(PetsDataset.Identity, current!.Id);
        Assert.Equal(problem, Assert.Single(_pets.Problems));
    }

    [Fact]
    public async Task A_version_whose_file_was_changed_is_refused()
    {
        var version = await _pets.SyncAsync();
        await File.AppendAllTextAsync(_pets.Versions.FileOf(version!), "x", Cancel);

        var error = await Assert.ThrowsAsync<StorageException>(() => _pets.RebuildAsync("k1", AIsADog));

        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_leaves_no_half_written_version()
    {
        using var folder = new TempFolder();
        using var disk = SmallDisk.Mount(folder["disk"], kilobytes: 256);
        using var pets = new PetsDataset(workspace: folder["disk"]);
        var first = await pets.SyncAsync();
        pets.Author("id,x,y,kind\n" + string.Concat(Enumerable.Range(0, 40_000).Select(i => $"r{i},{i * 7919L % 1_000_003},{i * 31L % 999_983}.5,cat\n")));

        await Assert.ThrowsAnyAsync<Exception>(() => pets.SyncAsync());

        Assert.Equal(first!.Id, pets.Versions.Current("pets")!.Id);
        Assert.Equal([first.Id], Directory.GetDirectories(Path.Combine(folder["disk"], "datasets", "pets")).Select(Path.GetFileName));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(folder["disk"], "datasets", ".staging")));
    }

    public void Dispose() => _pets.Dispose();

    private static ImmutableSortedDictionary<string, string?> Cells(params (string Column, string? Value)[] cells) =>
        cells.ToImmutableSortedDictionary(cell => cell.Column, cell => cell.Value, StringComparer.Ordinal);
}
