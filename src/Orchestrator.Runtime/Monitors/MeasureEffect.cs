using System.Collections.Immutable;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Deployments;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Monitors;

/// <summary>Measures what a monitor asks for at its scheduled instant and stores the samples as one batch.</summary>
public sealed class MeasureEffect(
    InForce revisions, MonitorMeasurement measurement, SampleStore samples, EffectStore effects, Clocks clocks) : IEffectHandler
{
    public const string KindName = "measure";

    public string Kind => KindName;

    public static Effect Ask(string monitor, DateTimeOffset at, string revision, DateTimeOffset now) =>
        new($"measure:{monitor}:{at.ToMicros()}", KindName, monitor, Json.Write(new MeasureBody(monitor, at, revision)), now);

    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var body = Json.Read<MeasureBody>(attempt.Effect.Body);
        if (revisions.Current is not { } revision || revision.Monitor(body.Monitor) is not { } monitor)
        {
            return new EffectOutcome.Done("{}", transaction => FiringStore.End(
                transaction, body.Monitor, body.At, [$"the monitor {body.Monitor} is not in the revision in force any more"], clocks.Now));
        }

        // A database that is away is asked again; at the last attempt the rest is measured without it.
        var result = attempt.Number < EffectWorker.AttemptLimit
            ? await measurement.RunAsync(revision, monitor, body.At, cancellation).ConfigureAwait(false)
            : await measurement.RunWithoutAsync(revision, monitor, body.At, cancellation).ConfigureAwait(false);
        var problems = result.Problems.Select(problem => problem.Diagnostic.ToString()).ToList();
        return new EffectOutcome.Done(
            Json.Write(new { samples = result.Samples.Length, problems = problems.Count }),
            transaction =>
            {
                Store(transaction, body, result.Samples);
                SegmentEdgeStore.Add(transaction, body.Monitor, result.Edges, body.At);
                FiringStore.End(transaction, body.Monitor, body.At, problems, clocks.Now);
                VerifyEffect.AskAll(transaction, effects, monitor, body.At, clocks.Now);
                DeploymentDesk.AskAll(transaction, effects, monitor.Model, (body.At, clocks.Now));
            });
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason)
    {
        var body = Json.Read<MeasureBody>(effect.Body);
        Store(transaction, body, []);
        FiringStore.End(transaction, body.Monitor, body.At, [reason], clocks.Now);
    }

    /// <summary>A series that the monitor's last batch had and this one has not gets a staleness marker: an old number must not pass for a new one.
    /// The instant of the last success stays true whatever comes after it.</summary>
    private void Store(Transaction transaction, MeasureBody body, ImmutableArray<LabelledSample> measured)
    {
        var source = SampleStore.OfMonitor(body.Monitor);
        var time = body.At.ToMicros();
        var success = Labels.Of("monitor_last_success_timestamp_seconds", ("monitor", body.Monitor));
        var present = measured.Select(sample => sample.Labels).Append(success).ToHashSet();
        var stale = SampleStore.LastLabels(transaction, source)
            .Where(labels => !present.Contains(labels)).Select(labels => new LabelledSample(labels, new Sample(time, Sample.Stale)));
        var succeeded = new LabelledSample(success, new Sample(time, time / (double)Timestamp.PerSecond, long.MaxValue));
        samples.Append(transaction, clocks.Now, source, [.. measured, .. stale, .. measured.IsEmpty ? [] : (LabelledSample[])[succeeded]]);
    }

    private sealed record MeasureBody(string Monitor, DateTimeOffset At, string Revision);
}
