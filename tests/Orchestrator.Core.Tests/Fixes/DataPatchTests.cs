using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Core.Tests.Fixes;

public sealed class DataPatchTests
{
    private static readonly ImmutableSortedDictionary<string, string?> Cells =
        ImmutableSortedDictionary.CreateRange<string, string?>(StringComparer.Ordinal, [new("label", "3"), new("id", "c"), new("px_0", null)]);

    private static readonly DataPatch Patch = DataPatch.Of(
        "digits-train", "v1", [new RowChange.Drop("c", Cells), new RowChange.Relabel("a", "hash", "8", "3"), new RowChange.Add("b", Cells)]);

    [Fact]
    public void Its_canonical_form_is_ordered_by_row_and_names_the_operations() => Assert.Equal(
        """
        {"dataset":"digits-train","base":"v1","changes":[{"op":"relabel","id":"a","content":"hash","from":"8","to":"3"},{"op":"add","id":"b","cells":{"id":"c","label":"3","px_0":null}},{"op":"drop","id":"c","cells":{"id":"c","label":"3","px_0":null}}]}
        """,
        Patch.Write());

    [Fact]
    public void What_was_written_reads_back_to_the_same_text() => Assert.Equal(Patch.Write(), DataPatch.Read(Patch.Write()).Write());

    [Fact]
    public void The_reverse_swaps_labels_and_turns_drops_into_adds()
    {
        var reversed = Patch.Reversed("v2");

        Assert.Equal("v2", reversed.Base);
        Assert.Equal(new RowChange.Relabel("a", "hash", "3", "8"), reversed.Changes[0]);
        Assert.IsType<RowChange.Drop>(reversed.Changes[1]);
        Assert.IsType<RowChange.Add>(reversed.Changes[2]);
        Assert.Equal(Patch.Write(), reversed.Reversed("v1").Write());
    }

    [Fact]
    public void It_counts_its_changes_by_kind() => Assert.Equal((1, 1, 1), (Patch.Relabelled, Patch.Dropped, Patch.Added));

    [Fact]
    public void A_row_that_is_changed_twice_is_refused()
    {
        RowChange[] twice = [new RowChange.Relabel("a", "h", "1", "7"), new RowChange.Relabel("a", "h", "7", "1")];

        Assert.Contains("\"a\" is changed more than once", Assert.Throws<ArgumentException>(() => DataPatch.Of("d", "v", twice)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"dataset":"d","base":"v"}""")]
    [InlineData("""{"dataset":"d","base":"v","changes":[{"op":"erase","id":"a"}]}""")]
    [InlineData("""{"dataset":"d","base":"v","changes":[],"more":1}""")]
    [InlineData("""{"dataset":"d","base":"v","changes":[{"op":"relabel","id":"a","content":"h","from":"1","to":"2"},{"op":"relabel","id":"a","content":"h","from":"1","to":"3"}]}""")]
    public void Anything_else_is_refused(string text) => Assert.ThrowsAny<JsonException>(() => DataPatch.Read(text));
}
