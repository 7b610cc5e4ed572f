using Orchestrator.Core.Findings;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Findings;

namespace Orchestrator.Runtime.Tests.Findings;

public sealed class FindingStoreTests : IDisposable
{
    private static readonly DateTimeOffset _at = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private static readonly Finding _open = new(
        "f-1", "p-1", "digits", "LabelErrors", Labels.Of([new("alertname", "LabelErrors"), new("dataset", "digits-train"), new("model", "digits")]), "r-1", _at)
    {
        Value = 0.2, Severity = "warning", Summary = "20% of the labels look wrong", Owner = "vision-team",
    };

    private readonly TestDatabase _database = new();

    [Fact]
    public async Task A_finding_comes_back_as_it_was_through_its_whole_life()
    {
        var held = _open with { Held = "cooling down until 2026-01-06 08:00:00Z", Value = double.NaN };
        var resolved = held with { State = FindingState.Resolved, Held = null, Value = 0.01, Resolution = "verified by fix x-1", ResolvedAt = _at.AddHours(6) };
        foreach (var stage in new[] { _open, held, resolved })
        {
            await SaveAsync(stage);

            Assert.Equal(stage, _database.Read(connection => FindingStore.Find(connection, "f-1")));
        }

        Assert.Null(_database.Read(connection => FindingStore.Find(connection, "f-2")));
    }

    [Fact]
    public async Task What_a_finding_opened_with_does_not_change_later()
    {
        await SaveAsync(_open);
        await SaveAsync(_open with { Rule = "Other", Revision = "r-2", Fingerprint = "p-2", OpenedAt = _at.AddDays(1) });

        Assert.Equal(_open, _database.Read(connection => FindingStore.Find(connection, "f-1")));
    }

    [Fact]
    public async Task Findings_are_listed_newest_first()
    {
        await SaveAsync(_open);
        await SaveAsync(_open with { Id = "f-3", OpenedAt = _at.AddHours(1) });
        await SaveAsync(_open with { Id = "f-2", OpenedAt = _at.AddHours(1), State = FindingState.Resolved, ResolvedAt = _at.AddHours(2) });

        Assert.Equal(["f-2", "f-3", "f-1"], List(openOnly: false));
        Assert.Equal(["f-3", "f-1"], List(openOnly: true));
        Assert.Equal(["f-1", "f-3"], _database.Read(connection => FindingStore.Open(connection, "p-1")).Select(finding => finding.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_identity_of_a_finding_is_its_rule_and_labels_and_when_they_began_to_fire()
    {
        // printf 'digits\nLabelErrors\n{alertname="LabelErrors", dataset="digits-train", model="digits"}' | sha256sum | head -c 32; then '…\n1767600000000000', 12
        var fingerprint = Finding.FingerprintOf("digits", "LabelErrors", _open.Labels);

        Assert.Equal("a2d4edd6df4923116784aa177ccb1bfb", fingerprint);
        Assert.Equal("1a2f09e00a65", Finding.IdOf(fingerprint, _at));
        Assert.NotEqual(fingerprint, Finding.FingerprintOf("digits", "LabelErrors", _open.Labels.With("model", "churn")));
    }

    public void Dispose() => _database.Dispose();

    private Task SaveAsync(Finding finding) => _database.WriteAsync(tx => FindingStore.Save(tx, finding));

    private IEnumerable<string> List(bool openOnly) => _database.Read(connection => FindingStore.List(connection, openOnly)).Select(finding => finding.Id);
}
