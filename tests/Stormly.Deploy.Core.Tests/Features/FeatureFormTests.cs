using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Core.Tests.Features;

public sealed class FeatureFormTests
{
    [Theory]
    [InlineData("Country", null, null, "\"NL\"")]
    [InlineData("Country name", null, null, "\"Netherlands\"")]
    [InlineData("Country", "\"NL\"|\"DE\"", null, "\"NL\"")]
    [InlineData("Country", "\"nl\"|\"de\"", null, "\"nl\"")]
    [InlineData("Country", "\"NLD\"|\"DEU\"", null, "\"NLD\"")]
    [InlineData("Country", "\"Germany\"|\"The Netherlands\"", null, "\"The Netherlands\"")]
    [InlineData("Country", "\"DE\"", null, null)] // listed and never seen: not at all
    [InlineData("Country", null, "\"DE\"", "\"NL\"")] // examples are no list
    [InlineData("Country", null, "\"de\"", "\"nl\"")] // but say how it is spelled
    [InlineData("Country", null, "\"Germany\"", "\"Netherlands\"")]
    [InlineData("Country", null, "\"DEU\"", "\"NLD\"")]
    public void Write_Country_IsSpelledAsTheModelKnowsIt(string name, string? values, string? examples, string? expected)
        => Assert.Equal(expected, Write(Wanted.Feature(name, values: values, examples: examples), Countries.Find("NL")!));

    [Fact]
    public void Write_UnseenValue_IsSentBySetting()
        => Assert.Equal("\"NL\"", new FeatureForm(new FeatureMatch(Wanted.Feature("Country", values: "\"DE\""), FeatureFacts.Country, ""), sendUnseen: true).Write(Countries.Find("nl")!)?.ToString());

    [Theory]
    [InlineData(NativeType.String, null, "\"13\"")]
    [InlineData(NativeType.String, "\"09\"|\"13\"", "\"13\"")]
    [InlineData(NativeType.Integer, null, "13")]
    [InlineData(NativeType.Float, null, "13")]
    [InlineData(NativeType.Unknown, "1|2|13", "13")]
    [InlineData(NativeType.Boolean, null, null)]
    public void Write_Hour_HasTheNativeType(NativeType type, string? values, string? expected) => Assert.Equal(expected, Write(Wanted.Feature("Hour", type, values), ClockValues.OfHour(13), FeatureFacts.Hour));

    [Fact]
    public void Write_HourWithLeadingZero_IsFoundAmongTheValues() => Assert.Equal("\"09\"", Write(Wanted.Feature("Hour", values: "\"09\"|\"13\""), ClockValues.OfHour(9), FeatureFacts.Hour));

    [Theory]
    [InlineData(DayNumbers.MondayIs0, null, "2")]
    [InlineData(DayNumbers.MondayIs1, null, "3")]
    [InlineData(DayNumbers.SundayIs0, null, "3")]
    [InlineData(DayNumbers.MondayIs0, "1|7", "3")] // a seventh day: counted from one
    public void Write_DayAsNumber_IsCountedAsTheSettingOrTheValuesSay(DayNumbers numbers, string? examples, string expected)
        => Assert.Equal(expected, Write(Wanted.Feature("Weekday", NativeType.Integer, examples: examples), ClockValues.OfDay(DayOfWeek.Wednesday, numbers), FeatureFacts.DayOfWeek));

    [Theory]
    [InlineData(null, "\"Wednesday\"")]
    [InlineData("\"Mon\"", "\"Wed\"")]
    [InlineData("\"monday\"", "\"wednesday\"")]
    public void Write_DayAsText_IsSpelledLikeTheOthers(string? examples, string expected)
        => Assert.Equal(expected, Write(Wanted.Feature("Weekday", examples: examples), ClockValues.OfDay(DayOfWeek.Wednesday, DayNumbers.MondayIs0), FeatureFacts.DayOfWeek));

    [Theory]
    [InlineData("\"Chrome\"|\"Safari\"", "\"Chrome\"")]
    [InlineData("\"Chrome\"|\"Chrome Mobile\"", "\"Chrome Mobile\"")]
    [InlineData("\"Google Chrome\"", "\"Google Chrome\"")]
    [InlineData("\"Firefox\"", null)]
    public void Write_BrowserOnATelephone_IsTheMostExactThatTheModelKnows(string values, string? expected)
        => Assert.Equal(expected, Write(Wanted.Feature("Browser", values: values), UserAgentValues.Browser("Chrome", DeviceKinds.Mobile)!, FeatureFacts.Browser));

    [Theory]
    [InlineData("Language", null, "\"nl\"")]
    [InlineData("Locale", null, "\"nl-BE\"")]
    [InlineData("Language", "\"nl-BE\"|\"nl\"", "\"nl-BE\"")]
    [InlineData("Language", "\"Dutch\"", "\"Dutch\"")]
    public void Write_Language_IsAsExactAsTheModelKnowsIt(string name, string? values, string expected)
        => Assert.Equal(expected, Write(Wanted.Feature(name, values: values), Languages.Preferred("nl-be")!, FeatureFacts.Language));

    [Fact]
    public void Write_Text_IsEscaped() => Assert.Equal("\"a\\\"b\\n\\u2028<\"", Write(Wanted.Feature("utm_source"), FactValue.Of("a\"b\n\u2028<"), FeatureFacts.UtmSource));

    [Theory]
    [InlineData(true, "true")]
    [InlineData(false, "false")]
    public void Write_Flag_IsABoolean(bool flag, string expected) => Assert.Equal(expected, Write(Wanted.Feature("Is mobile", NativeType.Boolean), ClockValues.Of(flag), FeatureFacts.IsMobile));

    private static string? Write(FeatureDescriptor feature, FactValue value, string fact = FeatureFacts.Country)
    {
        var match = Assert.Single(FeatureMatcher.Match([feature], new FeatureOptions()));
        return new FeatureForm(match.Fact is null ? match with { Fact = fact } : match, sendUnseen: false).Write(value)?.ToString();
    }
}
