using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Effects;
using Orchestrator.Server;
using Orchestrator.Server.Effects;
using Orchestrator.Server.Monitors;

namespace Orchestrator.EndToEnd.Tests.Effects;

public sealed class LoopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_wakes_the_workers_through_the_bus()
    {
        using var drained = new Steps();
        var work = new Work(() => null, _ => Task.FromResult(false), (_, _) => drained.StepAsync(false));
        using var host = await StartAsync(work);
        await drained.WaitForAsync(3);
        host.Services.GetRequiredService<EffectSignal>().Raise();
        await drained.WaitForAsync(5);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_is_due_is_done_and_the_next_time_is_asked_for_afterwards()
    {
        using var ran = new Steps();
        var work = new Work(() => ran.Count < 3 ? DateTimeOffset.UnixEpoch : null, _ => ran.StepAsync(true), (_, _) => Task.FromResult(false));
        using var host = await StartAsync(work);
        await ran.WaitForAsync(3);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_fault_of_one_round_does_not_end_the_worker()
    {
        using var drained = new Steps();
        var work = new Work(() => null, _ => Task.FromResult(false), async (_, _) => await drained.StepAsync(false) || Fail(drained.Count <= 2));
        using var host = await StartAsync(work);
        await drained.WaitForAsync(4);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Nothing_is_fired_or_claimed_after_the_stop_and_what_runs_is_told_to_end()
    {
        var order = new ConcurrentQueue<string>();
        var inside = new TaskCompletionSource();
        var work = new Work(() => null, _ => Task.FromResult(false), async (_, stopping) =>
        {
            inside.TrySetResult();
            await UntilCancelledAsync(stopping);
            order.Enqueue("worker told to end");
            return false;
        });
        using var host = await StartAsync(work);
        await inside.Task.WaitAsync(Patience, Cancellation);
        await host.StopAsync(Cancellation);
        var afterStop = order.Count;
        host.Services.GetRequiredService<EffectSignal>().Raise();
        Assert.InRange(afterStop, 1, 2);
        Assert.Equal(afterStop, order.Count);
    }

    [Fact]
    public async Task Work_that_ends_after_the_stop_plans_nothing_and_is_no_fault()
    {
        using var host = await StartAsync(new Work(() => DateTimeOffset.UnixEpoch, _ => Task.FromResult(false), (_, _) => Task.FromResult(false)));
        await host.StopAsync(Cancellation);
        Assert.Null(await Record.ExceptionAsync(() => host.Services.GetRequiredService<DueSchedule>().LookAsync(TimeSpan.Zero, Cancellation)));
    }

    private static bool Fail(bool really) => really ? throw new IOException("the disk is full") : false;

    private static async Task UntilCancelledAsync(CancellationToken stopping)
    {
        var ended = new TaskCompletionSource();
        await using var registration = stopping.Register(ended.SetResult);
        await ended.Task;
    }

    private static async Task<IHost> StartAsync(Work work)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(work);
        builder.Services.AddSingleton(new Clocks(TimeProvider.System, TimeProvider.System));
        builder.Services.AddSingleton<EffectSignal>();
        Loops.Add(builder.Services, BusOptions.InMemory);
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }

    /// <summary>Counts steps and lets a test wait for one of them.</summary>
    private sealed class Steps : IDisposable
    {
        private readonly SemaphoreSlim _steps = new(0);
        private int _count;
        private int _seen;

        public int Count => Volatile.Read(ref _count);

        public Task<bool> StepAsync(bool result)
        {
            Interlocked.Increment(ref _count);
            _steps.Release();
            return Task.FromResult(result);
        }

        public void Dispose() => _steps.Dispose();

        public async Task WaitForAsync(int count)
        {
            for (; _seen < count; _seen++)
            {
                Assert.True(await _steps.WaitAsync(Patience, Cancellation), $"only {_seen} of {count} steps were made");
            }
        }
    }
}
