using Orchestrator.Runtime;
using Orchestrator.Server.Effects;
using Quartz;

namespace Orchestrator.Server.Monitors;

/// <summary>Does what is due; Quartz only suggests when, rows in the database decide.</summary>
[DisallowConcurrentExecution]
internal sealed class DueJob(Work work, DueSchedule schedule, EffectLoop workers) : IJob
{
    public static readonly JobKey Key = new("due");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var any = false;
        try
        {
            any = await work.RunDueAsync(cancellationToken);
            workers.Wake();
        }
        finally
        {
            await schedule.LookAsync(any ? TimeSpan.Zero : DueSchedule.Patience, CancellationToken.None);
        }
    }
}

/// <summary>Keeps one trigger at the instant at which something is due next.</summary>
internal sealed class DueSchedule(Work work, Clocks clocks, ISchedulerFactory schedulers, IHostApplicationLifetime host)
{
    /// <summary>A look without a reason, in case a trigger was lost.</summary>
    public static readonly TimeSpan Sweep = TimeSpan.FromSeconds(15);

    /// <summary>Time before another look where something is due that this node could not do, such as an effect that waits for its next attempt.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private static readonly TriggerKey Next = new("next");

    /// <summary>Looks when something is due next and moves the trigger there, but not nearer than <paramref name="nearest"/> from now; on a node that stops, nothing is planned any more.</summary>
    public async Task LookAsync(TimeSpan nearest, CancellationToken cancellation)
    {
        if (host.ApplicationStopping.IsCancellationRequested || work.NextDue() is not { } due)
        {
            return;
        }

        try
        {
            await PlanAsync(due, nearest, cancellation);
        }
        catch (SchedulerException) when (host.ApplicationStopping.IsCancellationRequested)
        {
            // The scheduler was shut down in the meantime; what is due stands in the database, and the next start looks.
        }
    }

    private async Task PlanAsync(DateTimeOffset due, TimeSpan nearest, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        var wait = due - clocks.Now;
        var trigger = TriggerBuilder.Create(clocks.Real).WithIdentity(Next).ForJob(DueJob.Key)
            .StartAt(clocks.Real.GetUtcNow() + (wait > nearest ? wait : nearest)).Build();
        await scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, cancellation);
    }
}
