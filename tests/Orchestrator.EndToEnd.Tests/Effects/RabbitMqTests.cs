using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.EndToEnd.Tests.Rehearsal;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server;
using Orchestrator.Server.Effects;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.EndToEnd.Tests.Effects;

public sealed class RabbitMqTests : IDisposable
{
    private const int Kills = 10;
    private const string Queue = "orchestrator.demo.effects-ready";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promise_4_a_broker_killed_ten_times_during_the_story_loses_nothing_and_counts_nothing_twice()
    {
        await using var broker = await Broker.StartNewAsync(Cancel);
        await using (var server = await StartAsync(broker.Transport))
        {
            using var pace = new Pace();
            var played = server.PlayAsync(pace.Step, Cancel);
            for (var kill = 1; kill <= Kills; kill++)
            {
                await pace.HoldAsync();
                await broker.KillAsync(Cancel);
                pace.GoOn();
                await pace.HoldAsync();
                await broker.StartAsync(Cancel);
                await ReachedAsync(server);
                pace.GoOn();
            }

            pace.GoOnForEver();
            await played;
        }

        using var database = Database.Open(Path.Combine(_folder["live"], "orchestrator.db"), TimeProvider.System);
        (await ThreeDays.RehearsedAsync(Cancel)).IsWhatBecameOf(database);
    }

    /// <summary>A kill each fifteen hours of the week that three stories are played side by side; they go on while the broker comes back. Minutes long: BROKER_WHOLE_DEMO=1 asks for it.</summary>
    [Fact]
    public async Task Promise_4_holds_for_the_whole_demo_as_well()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("BROKER_WHOLE_DEMO") == "1", "BROKER_WHOLE_DEMO=1 plays the whole demo twice, once with a broker that is killed ten times");
        var (start, between) = (new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(15));
        await using var broker = await Broker.StartNewAsync(Cancel);
        var scenarios = await WholeDemo.WriteAsync(_folder, broker.Transport, Cancel);
        await using (var server = await WholeDemo.StartAsync(_folder["live"], scenarios, Cancel))
        {
            var halts = new Halts(start + between);
            var played = server.PlayAsync(halts.Step, Cancel);
            for (var kill = 1; kill <= Kills; kill++)
            {
                await halts.HeldAsync(played);
                await broker.KillAsync(Cancel);
                halts.GoOnUntil(kill == Kills ? DateTimeOffset.MaxValue : start + (between * (kill + 1)));
                await broker.StartAsync(Cancel);
                await ReachedAsync(server);
            }

            await played;
        }

        using var database = Database.Open(Path.Combine(_folder["live"], "orchestrator.db"), TimeProvider.System);
        (await WholeDemo.UndisturbedAsync(Cancel)).IsWhatBecameOf(database, WholeDemo.Models);
    }

    [Fact]
    public async Task The_queue_is_a_quorum_queue_with_a_delivery_limit_and_dead_messages_have_one_too()
    {
        await using var broker = await Broker.StartNewAsync(Cancel);
        await using var server = await StartAsync(broker.Transport);
        await ReachedAsync(server);
        await using var connection = await new ConnectionFactory { HostName = "127.0.0.1", Port = broker.Port }.CreateConnectionAsync(Cancel);
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        Assert.True(await IsDeclaredAsync(connection, $"{Queue}-dead", quorum));
        Assert.True(await IsDeclaredAsync(
            connection, Queue, new(quorum) { ["x-delivery-limit"] = 3, ["x-dead-letter-exchange"] = $"{Queue}-dead" }));
        Assert.False(await IsDeclaredAsync(connection, Queue, new(quorum) { ["x-delivery-limit"] = 4, ["x-dead-letter-exchange"] = $"{Queue}-dead" }));
    }

    [Fact]
    public async Task Without_its_broker_a_server_starts_and_works_and_says_that_the_bus_cannot_be_reached()
    {
        await using var broker = await Broker.StartNewAsync(Cancel);
        await broker.KillAsync(Cancel);
        await using var server = await StartAsync(broker.Transport);
        await UntilAsync(server, () => server.Parts.GetRequiredService<EffectAnnouncer>().IsCutOff);
        using var caller = new Caller(server.Url, (await File.ReadAllTextAsync(server.AdminKeyFile, Cancel)).Trim());
        var standing = (await caller.JsonAsync("/api/status")).GetProperty("bus");
        Assert.Equal(("rabbitmq", false), (standing.GetProperty("transport").GetString(), standing.GetProperty("reached").GetBoolean()));
        await broker.StartAsync(Cancel);
        await ReachedAsync(server);
    }

    [Fact]
    public async Task A_password_file_that_is_missing_is_told_before_anything_starts()
    {
        var error = await Assert.ThrowsAsync<ServerOptionsException>(() => StartAsync("{rabbitmq: {host: localhost, user: guest, password_file: nowhere/password}}"));
        Assert.Contains("the broker's password cannot be read from", error.Message, StringComparison.Ordinal);
        Assert.Contains("nowhere/password", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ServerHost> StartAsync(string transport)
    {
        var scenario = await ThreeDays.WriteAsync(_folder, transport, Cancel);
        return await ServerHost.StartAsync(new ServerOptions(_folder["live"]) { Scenarios = [scenario], LogLevel = LogLevel.None }, Cancel);
    }

    /// <summary>Completes when the bus took a message.</summary>
    private static async Task ReachedAsync(ServerHost server)
    {
        var announcer = server.Parts.GetRequiredService<EffectAnnouncer>();
        var taken = announcer.Taken;
        await UntilAsync(server, () => announcer.Taken > taken);
    }

    private static async Task UntilAsync(ServerHost server, Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isSo())
        {
            server.Node.Signal.Raise();
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>A broker refuses to declare a queue again with other properties.</summary>
    private static async Task<bool> IsDeclaredAsync(IConnection connection, string queue, Dictionary<string, object?> properties)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        try
        {
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, properties, cancellationToken: Cancel);
            return true;
        }
        catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode == 406)
        {
            return false;
        }
    }

    /// <summary>Holds a story at the lines that it tells.</summary>
    private sealed class Pace : IDisposable
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly SemaphoreSlim _gate = new(0);

        public void Step(DateTimeOffset at, string line)
        {
            _lines.Writer.TryWrite(line);
            _gate.Wait(Cancel);
        }

        /// <summary>Completes when the story stands still at its next line.</summary>
        public async Task HoldAsync() => await _lines.Reader.ReadAsync(Cancel);

        public void GoOn() => _gate.Release();

        public void GoOnForEver() => _gate.Release(1_000_000);

        public void Dispose() => _gate.Dispose();
    }

    /// <summary>Holds stories that are played side by side at their first line of an instant, until they may go on to a later one.</summary>
    private sealed class Halts(DateTimeOffset first)
    {
        private volatile Halt _next = new(first);

        public void Step(DateTimeOffset at, string line)
        {
            if (_next is var halt && at >= halt.At)
            {
                halt.Reached.TrySetResult();
                halt.Passed.Wait(Cancel);
            }
        }

        /// <summary>Completes when a story stands still; fails where they have ended before.</summary>
        public async Task HeldAsync(Task stories)
        {
            await await Task.WhenAny(_next.Reached.Task, stories);
            Assert.True(_next.Reached.Task.IsCompleted, $"no line was told from {_next.At:u} on");
        }

        public void GoOnUntil(DateTimeOffset at)
        {
            var passed = _next;
            _next = new(at);
            passed.Passed.Set();
        }

        private sealed record Halt(DateTimeOffset At)
        {
            public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public ManualResetEventSlim Passed { get; } = new();
        }
    }
}
