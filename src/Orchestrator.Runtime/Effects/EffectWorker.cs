using System.Data.Common;
using Microsoft.Extensions.Logging;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Effects;

/// <summary>Claims effects one at a time, runs their handler under a lease that it keeps alive, and records the result under its fence.</summary>
public sealed partial class EffectWorker(
    string name, Database database, Clocks clocks, IEnumerable<IEffectHandler> handlers, ILogger<EffectWorker> log)
{
    /// <summary>Attempts after which an effect is given up.</summary>
    public const int AttemptLimit = 12;

    private const string Stopped = "the server was stopped";

    private const double LongestWait = 30_000;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, IEffectHandler> _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    /// <summary>Told, in the same transaction, of each effect that is set aside.</summary>
    public Action<Transaction, EffectAttempt, string>? Parked { get; init; }

    /// <summary>Does the next effect that is due; false where none is.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancellation)
    {
        var claim = new Claim(name, [.. _handlers.Keys], clocks.Domain.GetUtcNow(), clocks.Real.GetUtcNow(), Lease);
        var attempt = await database.WriteAsync(transaction => EffectStore.Claim(transaction, claim), cancellation).ConfigureAwait(false);
        if (attempt is null)
        {
            return false;
        }

        await RunAsync(attempt, _handlers[attempt.Effect.Kind], cancellation).ConfigureAwait(false);
        return true;
    }

    private async Task RunAsync(EffectAttempt attempt, IEffectHandler handler, CancellationToken cancellation)
    {
        if (attempt.Number > 1 && !attempt.Effect.Repeatable)
        {
            await SetAsideAsync(attempt, handler, "an earlier attempt ended without a result, and doing it again could count twice").ConfigureAwait(false);
            return;
        }

        if (attempt.Number > AttemptLimit)
        {
            await SetAsideAsync(attempt, handler, $"given up after {AttemptLimit} attempts").ConfigureAwait(false);
            return;
        }

        switch (await AttemptAsync(attempt, handler, cancellation).ConfigureAwait(false))
        {
            case EffectOutcome.Done done:
                await database.WriteAsync(transaction => Close(transaction, attempt, done), CancellationToken.None).ConfigureAwait(false);
                break;
            case EffectOutcome.Retry retry:
                await RetryAsync(attempt, handler, retry.Reason).ConfigureAwait(false);
                break;
            case EffectOutcome.Park park:
                await SetAsideAsync(attempt, handler, park.Reason).ConfigureAwait(false);
                break;
            case null when attempt.Effect.Repeatable:
                await database.WriteAsync(transaction => EffectStore.GiveBack(transaction, attempt, Stopped), CancellationToken.None).ConfigureAwait(false);
                break;
            case null:
                await SetAsideAsync(attempt, handler, Stopped).ConfigureAwait(false);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Runs the handler under the lease; null where the process stops before it is done.</summary>
    private async Task<EffectOutcome?> AttemptAsync(EffectAttempt attempt, IEffectHandler handler, CancellationToken cancellation)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var heartbeat = KeepAliveAsync(attempt, lost);
        try
        {
            return await handler.RunAsync(attempt, lost.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Boundary: whatever a handler throws is shown on the row and tried again within the limit.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFault(attempt.Effect.Key, attempt.Number, error);
            return new EffectOutcome.Retry(error.Message);
        }
        finally
        {
            await lost.CancelAsync().ConfigureAwait(false);
            await heartbeat.ConfigureAwait(false);
        }
    }

    private void Close(Transaction transaction, EffectAttempt attempt, EffectOutcome.Done done)
    {
        if (EffectStore.Close(transaction, attempt, done.Result, clocks.Domain.GetUtcNow()))
        {
            done.Apply(transaction);
        }
    }

    private async Task RetryAsync(EffectAttempt attempt, IEffectHandler handler, string reason)
    {
        if (attempt.Number >= AttemptLimit || !attempt.Effect.Repeatable)
        {
            await SetAsideAsync(attempt, handler, reason).ConfigureAwait(false);
            return;
        }

        var wait = TimeSpan.FromMilliseconds(Math.Min(100 * Math.Pow(3, attempt.Number - 1), LongestWait));
        await database.WriteAsync(
            transaction => EffectStore.Release(transaction, attempt, reason, clocks.Real.GetUtcNow() + wait), CancellationToken.None).ConfigureAwait(false);
    }

    private async Task SetAsideAsync(EffectAttempt attempt, IEffectHandler handler, string reason)
    {
        LogParked(attempt.Effect.Key, reason);
        await database.WriteAsync(
            transaction =>
            {
                if (EffectStore.Park(transaction, attempt, reason, clocks.Domain.GetUtcNow()))
                {
                    handler.GiveUp(transaction, attempt.Effect, reason);
                    Parked?.Invoke(transaction, attempt, reason);
                }
            },
            CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Renews the lease until the attempt ends; a lost lease cancels the attempt.</summary>
    private async Task KeepAliveAsync(EffectAttempt attempt, CancellationTokenSource lost)
    {
        using var timer = new PeriodicTimer(Lease / 3, clocks.Real);
        try
        {
            while (await timer.WaitForNextTickAsync(lost.Token).ConfigureAwait(false))
            {
                if (!await RenewAsync(attempt, lost.Token).ConfigureAwait(false))
                {
                    await lost.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The attempt is over.
        }
    }

    /// <summary>False where the lease is lost; one that could not be written is tried again at the next beat, and the fence decides what it was worth.</summary>
    private async Task<bool> RenewAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        try
        {
            var until = clocks.Real.GetUtcNow() + Lease;
            return await database.WriteAsync(transaction => EffectStore.Renew(transaction, attempt, until), cancellation).ConfigureAwait(false);
        }
        catch (DbException error)
        {
            LogHeartbeat(attempt.Effect.Key, error);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Effect {Key}, attempt {Attempt}, failed")]
    private partial void LogFault(string key, int attempt, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of effect {Key} could not be renewed")]
    private partial void LogHeartbeat(string key, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Effect {Key} is parked: {Reason}")]
    private partial void LogParked(string key, string reason);
}
