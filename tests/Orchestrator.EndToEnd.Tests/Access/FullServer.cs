using System.Collections.Immutable;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;

namespace Orchestrator.EndToEnd.Tests.Access;

/// <summary>A store with 10,000 findings and fixes, of which every tenth is open, and a queue of 100,000 tasks.</summary>
public sealed class FullServer : IAsyncLifetime
{
    public const int Findings = 10_000;
    public const int Tasks = 100_000;

    private readonly LiveServer _server = new();

    public LiveServer Server => _server;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        var start = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
        var terms = new FixTerms("wf", AutoApprove: false, [], Author: null, TimeSpan.FromDays(3), Verification: null);
        await _server.Node.Database.WriteAsync(
            transaction =>
            {
                for (var number = 0; number < Findings; number++)
                {
                    // Ten of each instant, so that pages end within one.
                    var at = start.AddMinutes(number / 10);
                    var id = FormattableString.Invariant($"f{number:00000}");
                    var isOpen = number % 10 == 0;
                    var finding = new Finding(id, id, "group", "Rule", Labels.Of([new("model", number % 2 == 0 ? "even" : "odd")]), "revision", at) { State = isOpen ? FindingState.Open : FindingState.Resolved };
                    FindingStore.Save(transaction, finding);
                    FixStore.Save(transaction, new Fix($"{id}-1", id, "Rule", finding.Labels["model"], id, terms, isOpen ? FixState.Proposed : FixState.Rejected, at), 0, 0);
                }

                AuditStore.Append(transaction, start, "test", "store.filled", "all");
                var queue = new LabelQueue("big", "data", "v1", "none", "labels", "open", Tasks, start, start.AddDays(36_500)) { Classes = ["a", "b"] };
                LabelStore.Open(transaction, queue, Enumerable.Range(1, Tasks).Select(position => new LabelTask($"big:{position}", "big", position, $"r{position}", "hash", "a", "b", 0.5, ImmutableSortedDictionary<string, string>.Empty)));
            },
            CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
