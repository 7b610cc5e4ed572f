using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Status;

/// <summary>Tells pages that something was written, so that they need not ask again and again.</summary>
internal static class EventEndpoints
{
    /// <summary>What is written within this time is told at once.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    /// <summary>A stream that says nothing for longer is taken for dead on the way.</summary>
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(25);

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/events", (Database database, Clocks clocks, IHostApplicationLifetime life, CancellationToken cancellation) =>
                TypedResults.ServerSentEvents(TellAsync(database, clocks.Real, life.ApplicationStopping, cancellation)))
            .Needs(Role.Viewer, About.Shown).WithTags("status").WithSummary("A stream of events: \"written\" whenever something was, at most every two seconds.");

    private static async IAsyncEnumerable<SseItem<string>> TellAsync(
        Database database, TimeProvider clock, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        var written = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Note() => written.Writer.TryWrite(true);
        database.Written += Note;
        try
        {
            yield return new SseItem<string>("", "open");
            while (!ended.IsCancellationRequested)
            {
                yield return new SseItem<string>("", await NextAsync(written.Reader, clock, ended.Token) ? "written" : "silent");
            }
        }
        finally
        {
            database.Written -= Note;
        }
    }

    /// <summary>Whether something was written before the silence lasted too long, or the stream ended.</summary>
    private static async Task<bool> NextAsync(ChannelReader<bool> written, TimeProvider clock, CancellationToken ended)
    {
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(ended);
        using var timer = clock.CreateTimer(_ => silent.Cancel(), null, _silence, Timeout.InfiniteTimeSpan);
        try
        {
            await written.ReadAsync(silent.Token);
            // Pages ask anew when they are told: whatever is written within the pause is told at its end, once.
            await Task.Delay(_pause, clock, ended);
            written.TryRead(out _);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
