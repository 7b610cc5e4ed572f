using System.Net;
using Orchestrator.Runtime.Addresses;

namespace Orchestrator.Runtime.Tests.Addresses;

/// <summary>Both ends of each block, and the addresses just outside of them.</summary>
public sealed class PrivateNetworksTests
{
    [Theory]
    [InlineData("0.0.0.0", "this host")]
    [InlineData("0.255.255.255", "this host")]
    [InlineData("10.0.0.0", "a private network")]
    [InlineData("10.255.255.255", "a private network")]
    [InlineData("100.64.0.0", "a carrier's own network")]
    [InlineData("100.127.255.255", "a carrier's own network")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.254", "loopback")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("172.16.0.1", "a private network")]
    [InlineData("172.31.255.255", "a private network")]
    [InlineData("192.168.1.1", "a private network")]
    [InlineData("198.19.255.255", "benchmarking")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("255.255.255.255", "reserved")]
    [InlineData("::", "this host")]
    [InlineData("::1", "loopback")]
    [InlineData("fc00::1", "a private network")]
    [InlineData("fdff:ffff::1", "a private network")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("febf::1", "link-local")]
    [InlineData("fec0::1", "a private network")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("2001:db8::1", "documentation")]
    public void An_address_that_is_not_of_the_public_internet_is_known(string address, string kind) =>
        Assert.Equal(kind, PrivateNetworks.KindOf(IPAddress.Parse(address)));

    [Theory]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:10.1.2.3", "a private network")]
    [InlineData("::127.0.0.1", "loopback")]
    [InlineData("64:ff9b::a9fe:a9fe", "link-local")] // 169.254.169.254 translated
    [InlineData("2002:c0a8:0101::1", "a private network")] // 192.168.1.1 as 6to4
    public void An_address_is_judged_by_the_one_that_it_carries(string address, string kind) =>
        Assert.Equal(kind, PrivateNetworks.KindOf(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    public void An_address_of_the_public_internet_is_none_of_them(string address) => Assert.Null(PrivateNetworks.KindOf(IPAddress.Parse(address)));
}
