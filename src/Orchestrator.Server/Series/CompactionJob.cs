using Orchestrator.Runtime;
using Orchestrator.Runtime.Storage;
using Quartz;

namespace Orchestrator.Server.Series;

/// <summary>Moves old samples into files now and then, and drops what is not kept; what fails stays in the database and is tried again.</summary>
[DisallowConcurrentExecution]
internal sealed partial class CompactionJob(Node node, ILogger<CompactionJob> log) : IJob
{
    public static readonly JobKey Key = new("compaction");

    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await node.Compaction.RunAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StorageException or System.Data.Common.DbException)
        {
            LogFailed(error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old samples stay in the database, moving them into files failed: {Reason}")]
    private partial void LogFailed(string reason);
}
