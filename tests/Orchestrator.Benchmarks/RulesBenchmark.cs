using System.Diagnostics;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Benchmarks;

/// <summary>How fast rules are evaluated, beside what the machine can do at best, and beside Prometheus where it is installed.</summary>
internal static class RulesBenchmark
{
    private const long Interval = 15 * Timestamp.PerSecond;
    private const long Start = 1_767_225_600 * Timestamp.PerSecond;

    public static async Task<int> RunAsync()
    {
        Full(1000, 10_000, 200);
        Full(1000, 100_000, 40);
        Single(1000, 10_000);
        var mixed = Mixed(1000, 10_000);
        foreach (var (name, isMixed) in new[] { ("W(1000, 10k)", false), ("W2(1000, 10k)", true) })
        {
            if (await PrometheusPeer.MeasureAsync(new RulesWorkload(1000, 10_000, isMixed), TimeSpan.FromSeconds(90)).ConfigureAwait(false) is { } seconds)
            {
                Say($"{name} Prometheus: {seconds * 1000:F0} ms for the group{(isMixed ? $", {seconds * 1000 / mixed:F0} times ours" : "")}");
            }
            else
            {
                Say($"{name} Prometheus is not installed, or did not evaluate the group: nothing to compare with");
            }
        }

        return 0;
    }

    /// <summary>Every series has a new value: limit and engine by turns in one process, medians.</summary>
    private static void Full(int rules, int series, int rounds)
    {
        var workload = new RulesWorkload(rules, series, isMixed: false);
        var (floats, doubles) = (new SimdLimit<float>(workload), new SimdLimit<double>(workload));
        var (group, parse) = Timed(workload.Group);
        Compile(group, parse);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var network = Warm(workload, group, out var time);
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (ours, atMost, atMostDoubles, intake) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (differences, allocated) = (0L, 0L);
        for (var round = 1; round <= rounds; round++)
        {
            time += Interval;
            var samples = workload.Next(time);
            intake.Add(Milliseconds(() => network.Append(round + 1, samples)));
            atMost.Add(Milliseconds(() => floats.Pass()));
            atMostDoubles.Add(Milliseconds(() => doubles.Pass()));
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            var at = time;
            ours.Add(Milliseconds(() => differences += network.Pass(group, SeriesSnapshot.Empty, at).Count));
            allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        }

        var standing = network.Complete(group).State.Alerts.Count();
        var name = $"W({rules}, {series / 1000}k)";
        Say($"{name} full pass: {Median(ours):F3} ms (best {ours.Min():F3}); limit in floats {Median(atMost):F3} ms (best {atMost.Min():F3}), in doubles {Median(atMostDoubles):F3} ms (best {atMostDoubles.Min():F3})");
        Say($"{name} is {Median(ours) / Median(atMost):F1} x the limit in floats (best by best {ours.Min() / atMost.Min():F1}); {standing} alerts stand, {(double)differences / rounds:F1} transitions and {allocated / rounds} bytes allocated a pass; taking in the samples {Median(intake):F2} ms");
        Say($"{name} memory of the compiled rules with their columns: {memory / 1e6:F1} MB beside the labels and samples");
    }

    private static void Compile(RuleGroup group, double parse)
    {
        var times = Enumerable.Range(0, 9).Select(_ => Timed(() => new RuleNetwork([group])).Milliseconds).ToList();
        Say($"compile of {group.Rules.Length} rules: {times[0]:F1} ms the first time, then {Median(times):F1} ms; reading and checking the file {parse:F0} ms");
    }

    private static void Single(int rules, int series)
    {
        var workload = new RulesWorkload(rules, series, isMixed: false);
        var group = workload.Group();
        var network = Warm(workload, group, out var time);
        var micros = new List<double>();
        var (transitions, samples) = (0, 60_000);
        var one = new LabelledSample[1];
        for (var i = 0; i < samples; i++)
        {
            one[0] = workload.One(++time);
            var started = Stopwatch.GetTimestamp();
            network.Append(i + 2, one);
            transitions += network.Pass(group, SeriesSnapshot.Empty, time).Count;
            micros.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        var warm = micros.Skip(samples / 3).Order().ToList();
        Say($"W({rules}, {series / 1000}k) one sample changes: p50 {warm[warm.Count / 2]:F2} us, p99 {warm[warm.Count * 99 / 100]:F2} us from the sample to the transitions; {(double)transitions / samples:F2} transitions a sample");
    }

    private static double Mixed(int rules, int series)
    {
        var workload = new RulesWorkload(rules, series, isMixed: true);
        var group = workload.Group();
        var (head, network) = (new SeriesHead(), new RuleNetwork([group]));
        var (time, state, passes) = (Start, RuleGroupState.Empty, new List<double>());
        for (var round = 1; round <= 30; round++)
        {
            for (var scrape = 0; scrape < 3; scrape++)
            {
                var (batch, samples) = ((round * 3L) + scrape, workload.Next(time += 5 * Timestamp.PerSecond));
                head.Append(batch, samples);
                network.Append(batch, samples);
            }

            var (snapshot, at) = (head.Snapshot(), time);
            passes.Add(Milliseconds(() => state = network.Evaluate(group, state, snapshot, at).State));
        }

        var median = Median([.. passes.Skip(10)]);
        Say($"W2({rules}, {series / 1000}k) full evaluation with state and samples: {median:F1} ms (best {passes.Min():F1}), {state.Alerts.Count()} alerts stand");
        return median;
    }

    private static RuleNetwork Warm(RulesWorkload workload, RuleGroup group, out long time)
    {
        time = Start;
        var network = new RuleNetwork([group]);
        network.Append(1, workload.Next(time));
        network.Evaluate(group, RuleGroupState.Empty, SeriesSnapshot.Empty, time);
        var samples = workload.Next(time);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 150 || Stopwatch.GetElapsedTime(started).TotalSeconds < 2; i++)
        {
            time++;
            network.Append(1, samples.Select(sample => sample with { Sample = sample.Sample with { Time = Start + i + 1 } }));
            network.Pass(group, SeriesSnapshot.Empty, time);
        }

        return network;
    }

    private static (T Value, double Milliseconds) Timed<T>(Func<T> work)
    {
        var started = Stopwatch.GetTimestamp();
        var value = work();
        return (value, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private static double Milliseconds(Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double Median(List<double> numbers) => numbers.Order().ElementAt(numbers.Count / 2);

    private static void Say(string text) => Console.WriteLine(text);
}
