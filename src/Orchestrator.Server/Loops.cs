using Orchestrator.Server.Effects;
using Orchestrator.Server.Monitors;
using Orchestrator.Server.Revisions;
using Orchestrator.Server.Series;
using Quartz;

namespace Orchestrator.Server;

/// <summary>What runs beside the API. Hosted parts stop in the reverse of their order here: first nothing is fired any more, then nothing is claimed, then
/// nothing is announced, then the bus goes.</summary>
internal static class Loops
{
    public static void Add(IServiceCollection services, BusOptions bus)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        Bus.Add(services, bus);
        services.AddSingleton<EffectAnnouncer>();
        services.AddHostedService(parts => parts.GetRequiredService<EffectAnnouncer>());
        services.AddSingleton<DueSchedule>();
        services.AddSingleton<EffectLoop>();
        services.AddHostedService(parts => parts.GetRequiredService<EffectLoop>());
        services.AddQuartz(AddDueJob);
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
    }

    /// <summary>Beside it, the source of the rules is looked at.</summary>
    public static void AddSync(IServiceCollection services) => services.AddQuartz(quartz =>
    {
        quartz.AddJob<SyncJob>(job => job.WithIdentity(SyncJob.Key).StoreDurably());
        quartz.AddTrigger(trigger => trigger.WithIdentity("sync").ForJob(SyncJob.Key).StartNow().WithSimpleSchedule(SyncJob.Every));
    });

    private static void AddDueJob(IQuartzBuilder quartz)
    {
        quartz.AddJob<DueJob>(job => job.WithIdentity(DueJob.Key).StoreDurably());
        quartz.AddJob<CompactionJob>(job => job.WithIdentity(CompactionJob.Key).StoreDurably());
        quartz.AddTrigger(trigger => trigger.WithIdentity("compaction").ForJob(CompactionJob.Key).StartNow().WithSimpleSchedule(CompactionJob.Every));
        quartz.AddTrigger(trigger => trigger.WithIdentity("sweep").ForJob(DueJob.Key).StartNow().WithSimpleSchedule(DueSchedule.Sweep));
    }
}
