using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Core.Tests.Features;

public sealed class FeatureMatcherTests
{
    [Theory]
    [InlineData("Country", "country")]
    [InlineData("country code", "country")]
    [InlineData("Country_Code", "country")]
    [InlineData("User country", "country")]
    [InlineData("geoip.countryName", "country")]
    [InlineData("Region", "region")]
    [InlineData("City", "city")]
    [InlineData("Time zone", "time-zone")]
    [InlineData("Browser", "browser")]
    [InlineData("browserFamily", "browser")]
    [InlineData("Browser version", "browser-version")]
    [InlineData("Operating system", "operating-system")]
    [InlineData("OS", "operating-system")]
    [InlineData("Device type", "device-kind")]
    [InlineData("device_category", "device-kind")]
    [InlineData("Language", "language")]
    [InlineData("Locale", "language")]
    [InlineData("Referrer", "referrer-host")]
    [InlineData("Referring domain", "referrer-host")]
    [InlineData("Referrer type", "referrer-kind")]
    [InlineData("utm_source", "utm-source")]
    [InlineData("UTM Campaign", "utm-campaign")]
    [InlineData("Day of week", "day-of-week")]
    [InlineData("Hour of day", "hour")]
    [InlineData("Local hour", "local-hour")]
    [InlineData("Did event Play song", null)]
    [InlineData("First country", null)]
    [InlineData("Number of sessions", null)]
    [InlineData("Country count", null)]
    [InlineData("Hours since last visit", null)]
    [InlineData("Billing city", null)]
    [InlineData("", null)]
    [InlineData("→→→", null)]
    public void Match_Name_IsTakenForTheFactThatItNames(string name, string? fact)
        => Assert.Equal(fact, Match(Wanted.Feature(name)).Fact);

    [Fact]
    public void Match_NoName_IsTakenByItsKey() => Assert.Equal("country", Match(new FeatureDescriptor { Key = "feature_country" }).Fact);

    [Theory]
    [InlineData("Country", NativeType.Boolean, null)]
    [InlineData("Country", NativeType.Float, null)]
    [InlineData("Country", NativeType.Unknown, "country")]
    [InlineData("Hour", NativeType.Integer, "hour")]
    [InlineData("Hour", NativeType.String, "hour")]
    [InlineData("Hour", NativeType.Boolean, null)]
    [InlineData("Mobile", NativeType.Boolean, "is-mobile")]
    [InlineData("Mobile", NativeType.String, null)]
    public void Match_NativeTypeThatTheFactDoesNotHave_SpeaksAgainst(string name, NativeType type, string? fact) => Assert.Equal(fact, Match(Wanted.Feature(name, type)).Fact);

    [Theory]
    [InlineData("Language", "\"python\"|\"java\"", null)]
    [InlineData("Language", "\"nl\"|\"en\"", "language")]
    [InlineData("Language", "\"nl-BE\"", "language")]
    [InlineData("Language", "\"Dutch\"", "language")]
    [InlineData("Country", "\"Netherlands\"|\"Elsewhere\"", "country")]
    [InlineData("Country", "\"red\"", null)]
    [InlineData("Platform", "\"facebook\"|\"google\"", null)]
    [InlineData("Platform", "\"iOS\"|\"Android\"", "operating-system")]
    [InlineData("Device", "\"DEV-1\"", null)]
    [InlineData("City", "\"anything\"", "city")]
    public void Match_ValuesThatAreNotOfTheFact_SpeakAgainst(string name, string values, string? fact)
    {
        var match = Match(Wanted.Feature(name, values: values));
        Assert.Equal(fact, match.Fact);
        Assert.Equal(fact is null, match.Why.Contains("its values are not", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0|23", "hour")]
    [InlineData("24", null)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    public void Match_NumbersOutOfTheFactsRange_SpeakAgainst(string values, string? fact) => Assert.Equal(fact, Match(Wanted.Feature("Hour", NativeType.Float, values)).Fact);

    [Fact]
    public void Match_Configuration_WinsOverEverything()
    {
        var options = new FeatureOptions();
        options.Names["Land"] = "country";
        options.Names["Weather here"] = "weather";
        options.Plugins["churn"] = new Dictionary<string, string> { ["feature_x"] = "city", ["Browser"] = "none", ["land"] = "region" };

        Assert.Equal("country", Match(Wanted.Feature("LAND"), options, "other").Fact);
        Assert.Equal("weather", Match(Wanted.Feature("weather_here"), options).Fact);
        Assert.Equal("city", Match(Wanted.Feature("Country"), options, "churn").Fact); // by its key
        Assert.Equal("region", Match(Wanted.Feature("Land") with { Key = "feature_y" }, options, "churn").Fact); // by its name
        var none = Match(Wanted.Feature("Browser") with { Key = "feature_y" }, options, "churn");
        Assert.Equal((null, "the settings of the plugin say so"), (none.Fact, none.Why));
    }

    [Fact]
    public void Match_Slip_IsAskedAboutAndNotTaken()
    {
        var match = Match(Wanted.Feature("Contry"));
        Assert.Null(match.Fact);
        Assert.EndsWith("did you mean country?", match.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Match_HostileName_IsReadWithinBounds() => Assert.Null(Match(Wanted.Feature(string.Concat(Enumerable.Repeat("aB ", 100_000)))).Fact);

    private static FeatureMatch Match(FeatureDescriptor feature, FeatureOptions? options = null, string? plugin = null)
        => Assert.Single(FeatureMatcher.Match([feature], options ?? new FeatureOptions(), plugin));
}
