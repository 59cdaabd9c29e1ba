using System.Net;
using Microsoft.Extensions.Primitives;

namespace Stormly.Deploy.AspNetCore;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData(" 192.0.2.1\t", "192.0.2.1")]
    [InlineData("192.0.2.1:4711", "192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("[::ffff:192.0.2.1]:1", "192.0.2.1")]
    [InlineData("", null)]
    [InlineData("unknown", null)]
    [InlineData("_hidden", null)]
    [InlineData("_SEVKISEK:80", null)]
    [InlineData("1", null)]
    [InlineData("3232235777", null)]
    [InlineData("0x7f.0.0.1", null)]
    [InlineData("010.0.0.1", null)]
    [InlineData("256.0.0.1", null)]
    [InlineData("1.2.3", null)]
    [InlineData("1.2.3.4.5", null)]
    [InlineData("1.2.3.4:", null)]
    [InlineData("1.2.3.4:123456", null)]
    [InlineData("1.2.3.4:8a", null)]
    [InlineData("1.2.3.4/8", null)]
    [InlineData("+1.2.3.4", null)]
    [InlineData("[2001:db8::1", null)]
    [InlineData("[2001:db8::1]x", null)]
    [InlineData("2001:db8::1]", null)]
    [InlineData("fe80::1%eth0", null)]
    [InlineData("2001:db8::g", null)]
    [InlineData("localhost", null)]
    [InlineData("1.2.3.4 5.6.7.8", null)]
    [Trait("Fault", "69")]
    public void Read_Text_IsAnAddressOnlyWhereItPlainlyIsOne(string text, string? expected) => Assert.Equal(expected, AddressText.Read(text)?.ToString());

    [Fact]
    [Trait("Fault", "69")]
    public void Read_VeryLongText_IsNone() => Assert.Null(AddressText.Read(new string('1', 1_000_000)));

    [Theory]
    [InlineData("198.51.100.7", "203.0.113.9", "198.51.100.7")] // not a proxy of ours: its header is its own word
    [InlineData("10.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9")] // what stands left was sent by the client
    [InlineData("10.0.0.1", "1.1.1.1,203.0.113.9 , 10.0.0.2", "203.0.113.9")]
    [InlineData("10.0.0.1", "1.1.1.1|203.0.113.9, 10.0.0.2|10.0.0.3", "203.0.113.9")] // several lines are one list
    [InlineData("10.0.0.1", "10.0.0.9, 10.0.0.2", "10.0.0.9")]
    [InlineData("10.0.0.1", "203.0.113.9, unknown", null)] // the last proxy does not know: nobody else does
    [InlineData("10.0.0.1", "unknown, 203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "203.0.113.9,", null)]
    [InlineData("10.0.0.1", "", null)]
    [InlineData("10.0.0.1", "2001:db8:1::7", "2001:db8:1::7")]
    [InlineData("10.0.0.1", "[2001:db8:1::7]:99, fd00::5", "2001:db8:1::7")]
    [InlineData("fd00::1", "203.0.113.9:1234", "203.0.113.9")]
    [Trait("Fault", "69")]
    public void Find_List_IsReadFromTheRightOverOurProxies(string peer, string lines, string? expected)
        => Assert.Equal(expected, Find(peer, lines, isForwarded: false));

    [Theory]
    [InlineData("198.51.100.7", "for=203.0.113.9", "198.51.100.7")]
    [InlineData("10.0.0.1", "for=203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "For=\"203.0.113.9:4711\";proto=https;by=10.0.0.1", "203.0.113.9")]
    [InlineData("10.0.0.1", "for=1.1.1.1, proto=https; for=\"[2001:db8:1::7]:80\"", "2001:db8:1::7")]
    [InlineData("10.0.0.1", "for=203.0.113.9, for=10.0.0.2", "203.0.113.9")]
    [InlineData("10.0.0.1", "for=1.1.1.1|for=203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "for=203.0.113.9;host=\"a,for=9.9.9.9\"", "203.0.113.9")] // a comma within quotes divides nothing
    [InlineData("10.0.0.1", "for=203.0.113.9;host=\"a\\\",for=9.9.9.9\"", "203.0.113.9")]
    [InlineData("10.0.0.1", "for=_hidden", null)]
    [InlineData("10.0.0.1", "for=unknown", null)]
    [InlineData("10.0.0.1", "by=203.0.113.9", null)]
    [InlineData("10.0.0.1", "for=\"", null)]
    [InlineData("10.0.0.1", "\"for=203.0.113.9\"", null)]
    [Trait("Fault", "69")]
    public void Find_Forwarded_IsReadAsTheStandardSays(string peer, string lines, string? expected)
        => Assert.Equal(expected, Find(peer, lines, isForwarded: true));

    [Fact]
    [Trait("Fault", "69")]
    public void Find_NoHeader_IsThePeer() => Assert.Equal("10.0.0.1", ForwardedAddress.Find(IPAddress.Parse("10.0.0.1"), StringValues.Empty, false, Proxies)!.ToString());

    [Fact]
    [Trait("Fault", "69")]
    public void Find_EndlessListOfOurOwnProxies_EndsWithNobody()
        => Assert.Null(Find("10.0.0.1", "203.0.113.9, " + string.Join(',', Enumerable.Repeat("10.0.0.2", 100_000)), isForwarded: false));

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("2001:db8::/32", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("10.0.0.1/8", false)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("010.0.0.0/8", false)]
    [InlineData("10/8", false)]
    [InlineData("proxy.example", false)]
    [InlineData("", false)]
    public void Parse_Network_IsAnAddressOrAPrefix(string text, bool isNetwork) => Assert.Equal(isNetwork, AddressNetworks.Parse(text) is not null);

    private static AddressNetworks Proxies { get; } = new(["10.0.0.0/8", "fd00::/8"]);

    private static string? Find(string peer, string lines, bool isForwarded)
        => ForwardedAddress.Find(IPAddress.Parse(peer), new StringValues(lines.Split('|')), isForwarded, Proxies)?.ToString();
}
