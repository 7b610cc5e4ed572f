using System.Collections.Immutable;
using Orchestrator.Runtime.Labeling;

namespace Orchestrator.Runtime.Tests.Labeling;

public sealed class ShownColumnsTests
{
    private static readonly ImmutableSortedDictionary<string, string?> _cells =
        new Dictionary<string, string?> { ["id"] = "7", ["px_0"] = "1", ["px_1"] = "16", ["ink"] = "17", ["note"] = null }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    [Theory]
    [InlineData("", "id ink px_0 px_1")]
    [InlineData("ink", "ink")]
    [InlineData("px_*,note", "px_0 px_1")]
    [InlineData("picture", "id ink px_0 px_1")]
    public void A_person_sees_the_listed_columns_that_hold_something(string show, string expected) =>
        Assert.Equal(expected.Split(' '), ShownColumns.Of(_cells, [.. show.Split(',', StringSplitOptions.RemoveEmptyEntries)]).Keys);
}
