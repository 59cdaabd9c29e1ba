using System.Buffers;
using Stormly.Deploy.Features;

namespace Stormly.Deploy.Core.Tests.Features;

/// <summary>User agents that no browser sends: only their beginning is read, so that none costs more than the longest that is read in full.</summary>
public sealed class LongUserAgentTests
{
    private const string Chrome = "Chrome/124.0";

    private static readonly SearchValues<char> Separators = SearchValues.Create(" ;,()[]\"'\t");

    public static TheoryData<string> Seeds =>
        ["(", "Android ", "Windows NT ", "CPU OS 1_2 ", "Chrome/1/Safari/", "Version/1.0 Opera Mini/ ", "bot", "CPU/OS/", "\ud800;", "/:/:", "A", ";;;; ", "OS X 1_"];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Parse_TextWithinTheBound_IsReadToItsEnd(string seed)
    {
        const string Last = " Tizen/3.0 KAIOS/2.5";
        var text = Fill(seed, UserAgentParser.Longest - Last.Length) + Last;
        Assert.Equal((UserAgentParser.Longest, "KaiOS"), (text.Length, UserAgentParser.Parse(text).System));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Parse_MebibyteOfOneThing_IsWhatItsBeginningSays(string seed)
    {
        var text = Fill(seed, 1024 * 1024);
        var beginning = text[..(text[..(UserAgentParser.Longest + 1)].AsSpan().LastIndexOfAny(Separators) is var end and >= 0 ? end : 0)];
        Assert.Equal(UserAgentParser.Parse(beginning), UserAgentParser.Parse(text + " Tizen/3.0 KAIOS/2.5"));
    }

    [Fact]
    public void Parse_WhateverFollowsTheBound_ChangesNothing()
    {
        const string Mozilla = "Mozilla/5.0 (X11; Linux x86_64) Firefox/125.0 ";
        var random = new Random(20261128);
        var beginning = Mozilla + Fill("x y ", UserAgentParser.Longest - Mozilla.Length);
        var said = UserAgentParser.Parse(beginning);
        Assert.Equal(("Firefox", "125.0", "Linux", "desktop"), (said.Browser, said.BrowserVersion, said.System, said.Device));
        for (var i = 0; i < 500; i++)
        {
            var rest = string.Concat(Enumerable.Range(0, random.Next(1, 400)).Select(_ => Seeds.ElementAt(random.Next(Seeds.Count)).Data + (random.Next(2) == 0 ? " Edg/9 KAIOS/2.5 Googlebot " : "")));
            Assert.Equal(said, UserAgentParser.Parse(beginning + rest));
        }
    }

    [Theory]
    [InlineData(0, "Chrome", "124.0")] // ends with the bound
    [InlineData(-1, "Chrome", "124.0")]
    [InlineData(1, null, null)] // would be Chrome 124.
    [InlineData(4, null, null)] // would be Chrome 1
    [InlineData(8, null, null)] // would be Chrom
    public void Parse_WordThatTheBoundCuts_IsNotRead(int over, string? browser, string? version)
    {
        var text = Fill("- ", UserAgentParser.Longest - Chrome.Length + over - 1) + " " + Chrome + " " + Fill("- ", 100);
        var info = UserAgentParser.Parse(text);
        Assert.Equal((browser, version), (info.Browser, info.BrowserVersion));
    }

    [Fact]
    public void Detect_MebibyteOfOneThing_SuppliesWhatItsBeginningSays()
        => Assert.Equal("Android", Wanted.Find(FeatureFacts.OperatingSystem, new EndUser { UserAgent = Fill("Android 14; ", 1024 * 1024) + " Windows NT 10.0 KAIOS/2.5" })?.Text);

    private static string Fill(string seed, int length) => string.Concat(Enumerable.Repeat(seed, (length / seed.Length) + 1))[..length];
}
