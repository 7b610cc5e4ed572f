using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Server;

/// <summary>How a server is started.</summary>
/// <param name="Workspace">The folder that holds everything it keeps.</param>
public sealed record ServerOptions(string Workspace)
{
    /// <summary>The operator's file; where none is given, the one that the workspace was used with last, or else rules in the workspace itself.</summary>
    public string? Config { get; init; }

    /// <summary>Scenarios whose stories the workspace plays side by side, on a clock of its own; a folder stands for all in it. The schedule and the
    /// workers do nothing until they are played.</summary>
    public ImmutableArray<string> Scenarios { get; init; } = [];

    /// <summary>Whether it does what is due; if not, it only answers.</summary>
    public bool Works { get; init; } = true;

    /// <summary>0 means any free one.</summary>
    public int Port { get; init; }

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Has to be said for any address that other machines can reach.</summary>
    public bool AllowRemote { get; init; }

    /// <summary>Host names by which the server may be called, besides those of loopback.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Throws <see cref="ServerOptionsException"/> where the options would open the server by accident.</summary>
    public void Check()
    {
        if (!IPAddress.IsLoopback(Address) && !AllowRemote)
        {
            throw new ServerOptionsException(
                $"the address {Address} can be reached from other machines, and requests are not encrypted; say --allow-remote if that is meant");
        }

        if (Port is < 0 or > 65535)
        {
            throw new ServerOptionsException($"the port {Port} does not exist; allowed: 1 to 65535, or 0 for any free one");
        }
    }
}

/// <summary>The server cannot be started as asked; the message says why and what to do.</summary>
public sealed class ServerOptionsException(string message) : Exception(message);
