using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Runtime.Addresses;

/// <summary>The addresses that are not the public internet's, after the registries of special-purpose addresses (RFC 6890 and its successors).</summary>
public static class PrivateNetworks
{
    private static readonly (string Block, string Kind)[] Blocks =
    [
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a carrier's own network"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "this host"),
        ("::1/128", "loopback"),
        ("64:ff9b:1::/48", "a private network"),
        ("100::/64", "discarded"),
        ("2001:db8::/32", "documentation"),
        ("2001::/23", "reserved"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "reserved"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "multicast"),
    ];

    private static readonly (IPNetwork Network, string Kind)[] Known = [.. Blocks.Select(block => (IPNetwork.Parse(block.Block), block.Kind))];

    /// <summary>What kind of special address it is; null where it is one of the public internet.</summary>
    public static string? KindOf(IPAddress address)
    {
        var real = Inner(address) ?? address;
        return Known.FirstOrDefault(known => known.Network.BaseAddress.AddressFamily == real.AddressFamily && known.Network.Contains(real)).Kind;
    }

    /// <summary>The IPv4 address that an IPv6 address carries and leads to: mapped, compatible, translated (RFC 6052) or 6to4 (RFC 3056).</summary>
    private static IPAddress? Inner(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        if (address.IsIPv4MappedToIPv6 || IsTranslated(bytes) || (bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 && bytes.AsSpan(12, 3).IndexOfAnyExcept((byte)0) >= 0))
        {
            return new IPAddress(bytes.AsSpan(12, 4));
        }

        return bytes is [0x20, 0x02, ..] ? new IPAddress(bytes.AsSpan(2, 4)) : null;
    }

    private static bool IsTranslated(byte[] bytes) =>
        bytes is [0x00, 0x64, 0xff, 0x9b, ..] && bytes.AsSpan(4, 8).IndexOfAnyExcept((byte)0) < 0;
}
