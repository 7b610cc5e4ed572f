using System.Collections.Immutable;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Looks whether the metric recovered: measures again on rows after the fix only, and evaluates the rule's verification on that.</summary>
public sealed class VerifyEffect(Database database, InForce revisions, MonitorMeasurement measurement, FixRunner fixes, Clocks clocks) : IEffectHandler
{
    public const string KindName = "verify";

    public string Kind => KindName;

    /// <summary>Asks for a look at every fix of the monitor's model that is being verified.</summary>
    public static void AskAll(Transaction transaction, EffectStore effects, MonitorFile monitor, DateTimeOffset at, DateTimeOffset now)
    {
        foreach (var fix in FixStore.InState(transaction.Connection, FixState.Verifying).Where(fix => fix.Model is null || fix.Model == monitor.Model))
        {
            effects.Add(
                transaction, new Effect($"verify:{fix.Id}:{monitor.Name}:{at.ToMicros()}", KindName, fix.Id, Json.Write(new VerifyBody(fix.Id, monitor.Name, at)), now), now);
        }
    }

    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var body = Json.Read<VerifyBody>(attempt.Effect.Body);
        var fix = database.Read(connection => FixStore.Find(connection, body.Fix));
        if (fix is not { State: FixState.Verifying, Terms.Verification: { } verification, RanUntil: { } ranUntil }
            || revisions.Current is not { } revision || revision.Monitor(body.Monitor) is not { } monitor)
        {
            return new EffectOutcome.Done("{}", _ => { });
        }

        var since = OnlyAfter(monitor, ranUntil, body.At);
        var measured = await measurement.RunAsync(revision, since, body.At, cancellation).ConfigureAwait(false);
        var holding = Evaluate(verification, measured.Samples, fix, body.At);
        return new EffectOutcome.Done(Json.Write(new { holds = holding is not null }), transaction =>
        {
            if (holding is not null)
            {
                fixes.Handle(transaction, fix.Id, new FixCommand.Verify(holding) { At = clocks.Now }, "system");
            }
        });
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason)
    {
        // The next measurement looks again; the deadline of the verification decides in the end.
    }

    /// <summary>The monitor with its windows cut off at the end of the fix; datasets without time are seen whole, as the fix left them.</summary>
    private static MonitorFile OnlyAfter(MonitorFile monitor, DateTimeOffset ranUntil, DateTimeOffset at) => monitor with
    {
        Datasets = [.. monitor.Datasets.Select(dataset => dataset.Roles.Time is null ? dataset : dataset with { Window = Shorter(dataset, at - ranUntil) })],
    };

    /// <summary>Labelled rows are looked at as of the labels' delay before; the window must not reach behind the fix by it.</summary>
    private static TimeSpan Shorter(DatasetSpec dataset, TimeSpan sinceFix)
    {
        var matured = sinceFix - (dataset.Labels?.Delay ?? TimeSpan.Zero);
        var allowed = matured > TimeSpan.Zero ? matured : TimeSpan.FromTicks(1);
        return dataset.Window is { } window && window < allowed ? window : allowed;
    }

    /// <summary>Why the verification holds, in words; null where it does not or cannot be told yet.</summary>
    private static string? Evaluate(FixVerification verification, ImmutableArray<LabelledSample> samples, Fix fix, DateTimeOffset at)
    {
        var parsed = ExpressionText.Parse(verification.Expression);
        var scoped = fix.Model is { } model ? Scope.To(model, parsed.Root!) : parsed.Root!;
        var evaluation = Evaluator.Evaluate(scoped, SeriesSnapshot.Of(samples), at.ToMicros(), EvaluationOptions.Default);
        if (evaluation is not Evaluation.Vector { Samples: { IsEmpty: false } holding })
        {
            return null;
        }

        var first = holding[0];
        return holding.All(sample => sample.Rows == 0 || sample.Rows >= verification.MinRows)
            ? FormattableString.Invariant($"{verification.Expression} holds: {first.Value:0.####} on {first.Rows} rows after the fix")
            : null;
    }

    private sealed record VerifyBody(string Fix, string Monitor, DateTimeOffset At);
}
