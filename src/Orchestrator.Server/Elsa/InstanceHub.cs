using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>Where viewers of an instance wait to be told that it went on.</summary>
internal sealed class InstanceHub(InstanceWatch watch, Node node) : Hub
{
    /// <summary>Called by Studio, under this name.</summary>
    public Task ObserveInstanceAsync(string instanceId)
    {
        if (Context.User is not { } user || !user.Actor().May(Role.Viewer, node.Database.Read(connection => Subjects.OfInstance(connection, instanceId))))
        {
            throw new HubException($"There is no workflow instance \"{instanceId}\".");
        }

        watch.Add(Context.ConnectionId, instanceId);
        return Groups.AddToGroupAsync(Context.ConnectionId, instanceId, Context.ConnectionAborted);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        watch.Remove(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}

/// <summary>Which instances somebody looks at, and which of those went on.</summary>
internal sealed class InstanceWatch
{
    private readonly ConcurrentDictionary<(string Connection, string Instance), byte> _watched = new();
    private readonly Channel<string> _changed = Channel.CreateBounded<string>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });

    public ChannelReader<string> Changed => _changed.Reader;

    public void Add(string connection, string instance) => _watched[(connection, instance)] = 0;

    public void Remove(string connection)
    {
        foreach (var key in _watched.Keys.Where(key => key.Connection == connection))
        {
            _watched.TryRemove(key, out _);
        }
    }

    /// <summary>Notes that an instance changed, if anybody cares.</summary>
    public void Note(string instance)
    {
        if (_watched.Keys.Any(key => key.Instance == instance))
        {
            _changed.Writer.TryWrite(instance);
        }
    }
}

/// <summary>Tells viewers what changed, one instance at a time.</summary>
internal sealed class InstanceUpdates : BackgroundService
{
    private readonly IHubContext<InstanceHub> _hub;
    private readonly InstanceWatch _watch;
    private readonly Node _node;

    public InstanceUpdates(IHubContext<InstanceHub> hub, InstanceWatch watch, Node node)
    {
        (_hub, _watch, _node) = (hub, watch, node);
        node.Workflows.Changed += (transaction, instance) => transaction.AfterCommit(() => watch.Note(instance.Id));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var id in _watch.Changed.ReadAllAsync(stoppingToken))
        {
            try
            {
                await TellAsync(id, stoppingToken);
            }
            catch (Exception error) when (error is DbException or StorageException or IOException)
            {
                // Viewers ask again by themselves every few seconds; what could not be read now is told then.
            }
        }
    }

    private async Task TellAsync(string id, CancellationToken stopping)
    {
        if (InstanceEndpoints.Find(_node, id) is { } history)
        {
            var viewers = _hub.Clients.Group(id);
            await viewers.SendAsync("ActivityExecutionLogUpdatedAsync", ActivityReport.Of(history, []), stopping);
            await viewers.SendAsync("WorkflowExecutionLogUpdatedAsync", new { }, stopping);
            await viewers.SendAsync("WorkflowInstanceUpdatedAsync", new { WorkflowInstanceId = id }, stopping);
        }
    }
}
