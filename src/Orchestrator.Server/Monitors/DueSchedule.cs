using Orchestrator.Runtime;
using Quartz;

namespace Orchestrator.Server.Monitors;

/// <summary>Does what is due; Quartz only suggests when, rows in the database decide.</summary>
[DisallowConcurrentExecution]
internal sealed class DueJob(Work work, DueSchedule schedule) : IJob
{
    public static readonly JobKey Key = new("due");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await work.RunDueAsync(cancellationToken);
        }
        finally
        {
            await schedule.LookAsync(CancellationToken.None);
        }
    }
}

/// <summary>Keeps one trigger at the instant at which something is due next.</summary>
internal sealed class DueSchedule(Work work, Clocks clocks, ISchedulerFactory schedulers)
{
    /// <summary>A look without a reason, in case a trigger was lost.</summary>
    public static readonly TimeSpan Sweep = TimeSpan.FromSeconds(15);

    private static readonly TriggerKey Next = new("next");

    /// <summary>Looks when something is due next and moves the trigger there.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        if (work.NextDue() is not { } due)
        {
            return;
        }

        var scheduler = await schedulers.GetScheduler(cancellation);
        if ((await scheduler.GetStatus(cancellation)) is SchedulerStatus.Shutdown or SchedulerStatus.ShuttingDown)
        {
            return;
        }

        var wait = due - clocks.Now;
        var trigger = TriggerBuilder.Create(clocks.Real).WithIdentity(Next).ForJob(DueJob.Key)
            .StartAt(clocks.Real.GetUtcNow() + (wait > TimeSpan.Zero ? wait : TimeSpan.Zero)).Build();
        await scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, cancellation);
    }
}
