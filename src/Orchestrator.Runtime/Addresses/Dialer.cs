using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Runtime.Addresses;

/// <summary>Connects to hosts that the operator named: what is checked is the very address that is connected to, so a name that changes its mind gains nothing.</summary>
/// <param name="resolve">Gives the addresses of a host.</param>
public sealed class Dialer(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public static Dialer System { get; } = new(Dns.GetHostAddressesAsync);

    /// <summary>Opens a connection; throws <see cref="AddressRefusedException"/> where any address of the host is not public and private ones are not allowed.</summary>
    public async Task<Stream> ConnectAsync(DnsEndPoint host, bool allowPrivate, CancellationToken cancellation)
    {
        var addresses = await resolve(host.Host, cancellation).ConfigureAwait(false);
        if (!allowPrivate && addresses.Select(PrivateNetworks.KindOf).FirstOrDefault(kind => kind is not null) is { } kind)
        {
            throw new AddressRefusedException($"its host leads to an address that is not public ({kind}); allow_private: true allows that");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>An address that must not be connected to; the message names neither host nor address.</summary>
public sealed class AddressRefusedException(string message) : Exception(message);
