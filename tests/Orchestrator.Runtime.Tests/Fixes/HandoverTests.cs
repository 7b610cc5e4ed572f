using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Fixes;

/// <summary>What a person repaired by himself, from the export to the verified end; 20 cats, 20 dogs and 30 cats that are called dogs.</summary>
public sealed class HandoverTests : IDisposable
{
    private const string Ann = "ann@example.org";
    private const string Bob = "bob@example.org";

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repaired_dataset_is_the_next_plan_and_goes_through_approval_gate_and_verification()
    {
        var fix = await ProposedAsync();
        var lines = Lines().Where(line => !line.StartsWith("d00,", StringComparison.Ordinal)).Append("n00,0.5,0.5,cat").Append("n01,10.5,10.5,dog");

        Assert.IsType<FixDecision.Accepted>(await HandInAsync(fix, lines.Select(Right)));

        var planned = Find(fix);
        Assert.Equal((FixState.Proposed, 2, Ann), (planned.State, planned.PlanNumber, planned.ProposedBy));
        Assert.Equal("not computed: ann@example.org repaired pets: 30 rows relabelled, 1 left out, 2 added", planned.Plan!.Prediction.Basis);
        Assert.Equal(["add", "drop", "relabel"], planned.Plan.Limits.Operations);
        Assert.Equal(
            new FixDecision.Refused("whoever edited the plan or authored the rule cannot approve it (four_eyes)"), await ApproveAsync(planned, Ann));
        Assert.IsType<FixDecision.Accepted>(await ApproveAsync(planned, Bob));
        await _tiny.SettleAsync();

        Assert.True(Find(fix).State == FixState.Verifying, Find(fix).Reason);
        Assert.Equal(new VersionChanges(30, 1, 2, 0), _tiny.Node.Versions.Current("pets")!.Manifest.Changes);
        Assert.Equal("pets-2", Champion());
        var confirmed = _tiny.Node.Database.Read(connection => ConfirmedLabelStore.List(connection, "pets", "")).Values.ToList();
        Assert.Equal((30, Ann, "cat"), (confirmed.Count, confirmed[0].By, confirmed[0].Label));
        Assert.Equal(30, (await _tiny.Node.Versions.ConfirmedAsync(_tiny.Node.Versions.Current("pets")!, "", Cancel)).HashById.Count);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Equal((FixState.Succeeded, "data_rows{dataset=\"pets\"} > 70 holds: 71 on 71 rows after the fix"), (Find(fix).State, Find(fix).Reason));
    }

    [Fact]
    public async Task A_dataset_that_was_made_worse_is_rejected_by_the_gate_and_undone()
    {
        var fix = await ProposedAsync(Pets.Rows(30, 30, 0, 3));
        var before = _tiny.Node.Versions.Current("pets")!.Id;
        var swapped = Lines().Select(line => line.EndsWith(",cat", StringComparison.Ordinal) ? line[..^3] + "dog" : line.EndsWith(",dog", StringComparison.Ordinal) ? line[..^3] + "cat" : line);

        await HandInAsync(fix, swapped);
        await ApproveAsync(Find(fix), Bob);
        await _tiny.SettleAsync();

        Assert.Equal(FixState.Compensated, Find(fix).State);
        Assert.StartsWith("Rejected: model_accuracy goes from 1 to 0 on 40 rows", Find(fix).Reason, StringComparison.Ordinal);
        Assert.Equal((before, "pets-1"), (_tiny.Node.Versions.Current("pets")!.Id, Champion()));
    }

    [Fact]
    public async Task A_version_of_ones_own_is_judged_by_the_gate_and_serves()
    {
        var fix = await ProposedAsync();
        var said = Lines("data/shown.csv").Skip(1).Select(line => line.Split(',')).Select(cells => $"{cells[0]},{cells[3]}\n");
        var artifact = await _tiny.Node.Artifacts.PutTextAsync("weights", Cancel);
        var predictions = await _tiny.Node.Artifacts.PutTextAsync("id,prediction\n" + string.Concat(said), Cancel);
        var version = await _tiny.Node.Registry.RegisterAsync(new("pets", artifact, predictions, null, null, null), Ann, TinyNode.Start, Cancel);

        var unknown = await Assert.ThrowsAsync<DatasetException>(() => _tiny.Node.Handover.ModelAsync(fix, "pets-9", Ann, Cancel));
        Assert.Equal("the model pets has no version pets-9", unknown.Message);
        Assert.IsType<FixDecision.Accepted>(await _tiny.Node.Handover.ModelAsync(fix, version.Id, Ann, Cancel));
        Assert.IsType<FixDecision.Refused>(await ApproveAsync(Find(fix), Ann));
        Assert.IsType<FixDecision.Accepted>(await ApproveAsync(Find(fix), Bob));
        await _tiny.SettleAsync();

        Assert.True(Find(fix).State == FixState.Verifying, Find(fix).Reason);
        Assert.Equal("pets-2", Champion());
    }

    [Theory]
    [InlineData("", "a.csv has the same rows as pets: nothing was repaired")]
    [InlineData("s/kind/knd/", "a.csv: pets has no column \"knd\"; allowed: id, x, y, kind; did you mean kind?")]
    [InlineData("s/\n/,z\n/", "a.csv: pets has no column \"z\"; allowed: id, x, y, kind")]
    [InlineData("s/c00,0,0,cat/c00,0,1,cat/", "a.csv: row \"c00\" has \"1\" as y in place of \"0\"; rows can be relabelled, left out and added: give a row that was changed otherwise a new id and leave the old one out")]
    [InlineData("s/c00,0,0,cat/c00,0,,cat/", "a.csv: row \"c00\" has nothing as y in place of \"0\"; rows can be relabelled, left out and added: give a row that was changed otherwise a new id and leave the old one out")]
    [InlineData("s/c00,0,0,cat/c00,zero,0,cat/", "a.csv: row 1 has \"zero\" as x, which holds number values")]
    [InlineData("s/c00,0,0,cat/c00,0,cat/", "the file cannot be read: a.csv line 2 has 3 fields, and the header 4")]
    [InlineData("s/c00,0,0,cat/,0,0,cat/", "a.csv: row 1 has no id; every row needs one, a new row one of its own")]
    [InlineData("s/c00,0,0,cat/d00,0,0,cat/", "a.csv has 2 rows with the id \"d00\"; every row needs one of its own")]
    [InlineData("s/c00,0,0,cat/c00,0,0,catt/", "a.csv: row \"c00\" has \"catt\" as kind, which is no class; allowed: cat, dog; did you mean cat?")]
    public async Task A_file_that_cannot_be_taken_is_refused_with_its_place(string edit, string told)
    {
        const string Rows = "id,x,y,kind\nc00,0,0,cat\nc01,1,0,cat\nc02,0,1,cat\nd00,10,10,dog\nd01,11,10,dog\nd02,10,11,dog\n";
        var fix = await ProposedAsync(Rows, Pets.Model.Replace("task: multiclass", "task: {type: multiclass, classes: [cat, dog]}", StringComparison.Ordinal));
        var parts = edit.Split('/');
        var text = edit.Length == 0 ? Rows : Rows.Replace(parts[1], parts[2], StringComparison.Ordinal);
        var plan = Find(fix).Plan!.Sha256;

        var error = await Assert.ThrowsAsync<DatasetException>(() => HandInAsync(fix, text.TrimEnd().Split('\n')));

        Assert.Equal(told, error.Message);
        Assert.Equal((plan, 1), (Find(fix).Plan!.Sha256, Find(fix).PlanNumber));
    }

    [Fact]
    public async Task Without_a_column_a_file_is_refused_and_a_fix_that_runs_takes_nothing()
    {
        var fix = await ProposedAsync();
        var error = await Assert.ThrowsAsync<DatasetException>(() => HandInAsync(fix, Lines().Select(line => line[..line.LastIndexOf(',')])));
        Assert.Equal("a.csv has no column \"kind\"; needed: id, x, y, kind", error.Message);

        await ApproveAsync(Find(fix), Bob);
        await _tiny.SettleAsync();
        Assert.Equal(
            new FixDecision.Refused("it is running, and only while a fix is proposed can something be handed in for it"), await HandInAsync(fix, Lines().Select(Right)));
    }

    [Theory]
    [InlineData("dataset.csv")]
    [InlineData("dataset.parquet")]
    public async Task What_was_exported_comes_back_as_it_went_out(string name)
    {
        var fix = await ProposedAsync();
        var export = await _tiny.Node.Exporting.ReadAsync(Find(fix), Find(fix).Plan!, Cancel);
        Assert.Equal((3, "pets", null), (export.Rows.Length, export.Dataset!.Dataset, export.Patch));
        Assert.All(export.Rows, row => Assert.Equal(row.Cells["kind"], row.Given));

        var path = _tiny.PathOf(name);
        ExportedTable.WriteVersion(_tiny.Node.Versions.FileOf(_tiny.Node.Exporting.VersionOf(export.Plan)!), path);
        var error = await Assert.ThrowsAsync<DatasetException>(() => _tiny.Node.Handover.DatasetAsync(fix, new(name, path, FileFormat.Of(path)!), Ann, Cancel));
        Assert.Equal($"{name} has the same rows as pets: nothing was repaired", error.Message);

        ExportedTable.WriteRows(export, _tiny.PathOf("rows.csv"));
        var lines = await File.ReadAllLinesAsync(_tiny.PathOf("rows.csv"), Cancel);
        Assert.Equal("id,given_label,suggested_label,score,flagged,x,y,kind", lines[0]);
        Assert.Equal(export.Rows.Select(row => row.Id), lines.Skip(1).Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task The_export_of_what_was_handed_in_carries_its_patch()
    {
        var fix = await ProposedAsync();
        await HandInAsync(fix, Lines().Select(line => line.StartsWith("w00,", StringComparison.Ordinal) ? Right(line) : line));

        var export = await _tiny.Node.Exporting.ReadAsync(Find(fix), Find(fix).Plan!, Cancel);

        var change = Assert.IsType<RowChange.Relabel>(Assert.Single(DataPatch.Read(export.Patch!.Value.GetRawText()).Changes));
        Assert.Equal(("w00", "dog", "cat"), (change.Id, change.From, change.To));
    }

    public void Dispose() => _tiny.Dispose();

    /// <summary>A fix that waits for its approval.</summary>
    private async Task<string> ProposedAsync(string? rows = null, string? model = null)
    {
        await Pets.OpenAsync(_tiny, rows ?? Pets.Rows(20, 20, 30, 3));
        var shown = Pets.Rows(20, 20, 0, 7).TrimEnd().Split('\n'); // under ids of their own: what is compared on was not learnt from
        _tiny.Author("data/shown.csv", string.Concat(shown.Select((line, i) => i == 0 ? $"{line}\n" : $"s{line}\n")));
        _tiny.Author("rules/pets.model.yaml", model ?? Pets.Model);
        _tiny.Author("rules/pets.rules.yaml", Pets.Rules.Replace("approval: auto", "approval: required", StringComparison.Ordinal).Replace("> 1000", "> 70", StringComparison.Ordinal).Replace("within: 1d", "within: 3d", StringComparison.Ordinal));
        await _tiny.ReadAsync("RULE209");
        await _tiny.Node.TrainFirstAsync("pets", Ann, Cancel);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        var fix = _tiny.TheFix();
        Assert.True(fix.State == FixState.Proposed, fix.Reason);
        return fix.Id;
    }

    private IEnumerable<string> Lines(string path = "data/pets.csv") => File.ReadLines(_tiny.PathOf(path));

    /// <summary>The line with the label that it should have.</summary>
    private static string Right(string line) => line.StartsWith('w') ? line.Replace(",dog", ",cat", StringComparison.Ordinal) : line;

    private Task<FixDecision> HandInAsync(string fix, IEnumerable<string> lines)
    {
        _tiny.Author("a.csv", string.Concat(lines.Select(line => line + "\n")));
        return _tiny.Node.Handover.DatasetAsync(fix, new RepairedFile("a.csv", _tiny.PathOf("a.csv"), FileFormat.Of("a.csv")!), Ann, Cancel);
    }

    private Task<FixDecision> ApproveAsync(Fix fix, string by) => _tiny.Node.ApproveAsync(fix.Id, Actor.Named(by), fix.Plan!.Sha256, null, Cancel);

    private Fix Find(string id) => _tiny.Node.Database.Read(connection => FixStore.Find(connection, id))!;

    private string? Champion() => _tiny.Node.Database.Read(connection => ChampionStore.Champion(connection, "pets"));
}
