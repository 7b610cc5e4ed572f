using System.Diagnostics;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Benchmarks;

/// <summary>How fast rules are evaluated, beside what the machine can do at best, and beside Prometheus where it is installed.</summary>
internal static class RulesBenchmark
{
    private const long Interval = 15 * Timestamp.PerSecond;
    private const long Start = 1_767_225_600 * Timestamp.PerSecond;

    /// <summary>The engine beside the limit of the machine.</summary>
    public static int Run()
    {
        Compile(new RulesWorkload(1000, 10_000, isMixed: false));
        foreach (var (series, rounds) in new[] { (10_000, 1_500), (100_000, 80) })
        {
            Full(new RulesWorkload(1000, series, isMixed: false), Change.Moves, rounds);
            Full(new RulesWorkload(1000, series, isMixed: false), Change.Jumps, rounds);
        }

        Single(1000, 10_000);
        Single(1000, 100_000);
        return 0;
    }

    /// <summary>The engine beside Prometheus; W2 is the workload half of which are aggregations, ranges and joins, with 5 % of the series stale.</summary>
    public static async Task<int> RunPeerAsync()
    {
        var mixed = Mixed(1000, 10_000);
        foreach (var (name, isMixed) in new[] { ("W2(1000, 10k)", true), ("W(1000, 10k)", false) })
        {
            if (await PrometheusPeer.MeasureAsync(new RulesWorkload(1000, 10_000, isMixed), TimeSpan.FromSeconds(150)).ConfigureAwait(false) is { } seconds)
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

    /// <summary>Every series has a new value: limit and engine by turns in one process.</summary>
    private static void Full(RulesWorkload workload, Change change, int rounds)
    {
        var (floats, doubles) = (new SimdLimit<float>(workload), new SimdLimit<double>(workload));
        var group = workload.Group();
        var first = workload.Next(Start);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var network = Warm(group, first);
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(first);
        var times = new FullTimes();
        var (time, differences, fired, allocated, batch) = (Start, 0L, 0L, 0L, 1L);
        var warm = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds; round++)
        {
            var isWarm = Stopwatch.GetElapsedTime(warm).TotalSeconds > 6;
            round = isWarm ? round : 0;
            time += Interval;
            var samples = workload.Next(time, change);
            floats.Load(workload.Values);
            doubles.Load(workload.Values);
            times.Intake.Add(Milliseconds(() => network.Append(++batch, samples)));
            times.Floats.Add(Milliseconds(() => floats.Pass()));
            times.Doubles.Add(Milliseconds(() => doubles.Pass()));
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            IReadOnlyList<AlertTransition> changes = [];
            times.Ours.Add(Milliseconds(() => changes = network.Pass(group, SeriesSnapshot.Empty, time)));
            allocated += isWarm ? GC.GetAllocatedBytesForCurrentThread() - allocatedBefore : 0;
            differences += isWarm ? changes.Count : 0;
            times.Records.Add(Milliseconds(() => fired += changes.Count(one => one.To == AlertState.Firing)));
            times.Forget(isWarm);
        }

        var name = $"W({workload.Rules}, {workload.Segments / 100}k) {(change == Change.Moves ? "values move a little" : "values jump anew")}";
        Say($"{name}: full pass {Both(times.Ours)}; limit in floats {Both(times.Floats)}, in doubles {Both(times.Doubles)}: {Median(times.Ours) / Median(times.Floats):F2} x the limit in floats (best by best {times.Ours.Min() / times.Floats.Min():F2})");
        Say($"{name}: {network.Complete(group).State.Alerts.Count()} alerts stand, {(double)differences / rounds:F1} transitions ({fired} began to fire in all) and {allocated / rounds} bytes allocated a pass; records of the transitions {Both(times.Records)}; taking in the samples {Both(times.Intake)}");
        Say($"{name}: memory of the compiled rules with their columns {memory / 1e6:F1} MB beside the labels and samples");
    }

    private static string Both(List<double> milliseconds) => $"{Median(milliseconds):F3} ms (best {milliseconds.Min():F3})";

    private static void Compile(RulesWorkload workload)
    {
        var (group, parse) = Timed(workload.Group);
        var times = Enumerable.Range(0, 9).Select(_ => Timed(() => new RuleNetwork([group])).Milliseconds).ToList();
        Say($"compile of {group.Rules.Length} rules: {times[0]:F1} ms the first time, then {Median(times):F1} ms; reading and checking the file {parse:F0} ms");
        var (network, samples) = (new RuleNetwork([group]), workload.Next(Start));
        network.Append(1, samples);
        Say($"first evaluation of {group.Rules.Length} rules on {samples.Length} series: {Milliseconds(() => network.Evaluate(group, RuleGroupState.Empty, SeriesSnapshot.Empty, Start)):F1} ms");
    }

    private static void Single(int rules, int series)
    {
        var workload = new RulesWorkload(rules, series, isMixed: false);
        var group = workload.Group();
        var network = Warm(group, workload.Next(Start));
        var (time, transitions, blocks) = (Start, 0L, new List<List<double>>());
        var one = new LabelledSample[1];
        var allocated = 0L;
        for (var block = 0; block < 8; block++)
        {
            var micros = new List<double>(20_000);
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20_000; i++)
            {
                one[0] = workload.One(++time);
                var started = Stopwatch.GetTimestamp();
                network.Append(time, one);
                transitions += network.Pass(group, SeriesSnapshot.Empty, time).Count;
                micros.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
            blocks.Add([.. micros.Order()]);
        }

        var warm = blocks.Skip(3).ToList();
        double At(List<double> micros, int percent) => micros[micros.Count * percent / 100];
        Say($"W({rules}, {series / 1000}k) one sample changes: p50 {Median([.. warm.Select(block => At(block, 50))]):F2} us, p99 {Median([.. warm.Select(block => At(block, 99))]):F2} us (best of {warm.Count} runs {warm.Min(block => At(block, 99)):F2}) from the sample to the transitions; {(double)transitions / 160_000:F2} transitions and {allocated / 20_000} bytes allocated a sample");
    }

    private static double Mixed(int rules, int series)
    {
        var workload = new RulesWorkload(rules, series, isMixed: true);
        var group = workload.Group();
        var (head, network) = (new SeriesHead(), new RuleNetwork([group]));
        var (time, state, passes, allocated) = (Start, RuleGroupState.Empty, new List<double>(), 0L);
        for (var round = 1; round <= 80; round++)
        {
            for (var scrape = 0; scrape < 3; scrape++)
            {
                var (batch, samples) = ((round * 3L) + scrape, workload.Next(time += 5 * Timestamp.PerSecond));
                head.Append(batch, samples);
                network.Append(batch, samples);
            }

            var (snapshot, at) = (head.Snapshot(), time);
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            passes.Add(Milliseconds(() => state = network.Evaluate(group, state, snapshot, at).State));
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        }

        var median = Median([.. passes.Skip(40)]);
        Say($"W2({rules}, {series / 1000}k) full evaluation with state and samples: {median:F1} ms (best {passes.Min():F1}), {state.Alerts.Count()} alerts stand, {allocated / 1e6:F1} MB allocated");
        return median;
    }

    private static RuleNetwork Warm(RuleGroup group, LabelledSample[] first)
    {
        var network = new RuleNetwork([group]);
        network.Append(1, first);
        network.Evaluate(group, RuleGroupState.Empty, SeriesSnapshot.Empty, Start);
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

    private sealed class FullTimes
    {
        public List<double> Ours { get; } = [];

        public List<double> Floats { get; } = [];

        public List<double> Doubles { get; } = [];

        public List<double> Intake { get; } = [];

        public List<double> Records { get; } = [];

        /// <summary>What was measured while code was still being compiled does not count.</summary>
        public void Forget(bool isWarm)
        {
            foreach (var list in isWarm ? [] : new[] { Ours, Floats, Doubles, Intake, Records })
            {
                list.Clear();
            }
        }
    }
}
