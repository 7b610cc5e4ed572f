using Orchestrator.Runtime;
using Quartz;

namespace Orchestrator.Server.Revisions;

/// <summary>Looks at the source of the rules now and then; a bad revision never replaces the one in force.</summary>
[DisallowConcurrentExecution]
internal sealed partial class SyncJob(Node node, ILogger<SyncJob> log) : IJob
{
    public static readonly JobKey Key = new("sync");

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await node.Revisions.SyncAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LibGit2Sharp.LibGit2SharpException)
        {
            LogUnreadable(error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The source of the rules cannot be read, the last good revision stays in force: {Reason}")]
    private partial void LogUnreadable(string reason);
}
