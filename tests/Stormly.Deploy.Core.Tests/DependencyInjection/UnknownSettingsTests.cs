using System.Collections;
using Microsoft.Extensions.Configuration;

namespace Stormly.Deploy.DependencyInjection;

public sealed class UnknownSettingsTests
{
    [Theory]
    [InlineData("StatusChek:Interval", "1", "StatusChek", "Did you mean \"StatusCheck\"?")]
    [InlineData("StatusCheck:Intervall", "1", "StatusCheck:Intervall", "Did you mean \"Interval\"?")]
    [InlineData("statefoldr", "/x", "statefoldr", "Did you mean \"StateFolder\"?")]
    [InlineData("Scaling:Ray:Nothing", "1", "Scaling:Ray:Nothing", "Known keys are ")]
    [InlineData("Colour", "red", "Colour", "Known keys are ")]
    [InlineData("Doker:Image", "x", "Doker", "Did you mean \"Docker\"?")]
    public void Find_NameThatNoSettingHas_IsFoundWithWhatWasMeant(string key, string value, string path, string hint)
    {
        var (found, words) = Assert.Single(Find(key, value));

        Assert.Equal($"PluginDeployment:{path}", found);
        Assert.StartsWith(hint, words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StatusCheck:Interval")]
    [InlineData("statuscheck:INTERVAL")]
    [InlineData("Scaling:Ray:UpDelay")]
    [InlineData("Features:Names:Land")]
    [InlineData("Features:Plugins:churn:feature_1")]
    [InlineData("Routing:IdempotentPlugins:0")]
    [InlineData("Docker:Image")]
    [InlineData("Company:Contact:Mail")]
    public void Find_SettingsAndSectionsOfOthers_FindsNothing(string key) => Assert.Empty(Find(key, "1"));

    [Fact]
    public void Find_AWholeConfigurationInsteadOfASection_LeavesOutWhatIsOfTheEnvironment()
    {
        var whole = new ConfigurationBuilder().AddInMemoryCollection([new("PATH", "/bin"), new("HOME", "/root"), new("StateFoldr", "/x")]).Build();

        Assert.Equal(["StateFoldr"], UnknownSettings.Find(whole, UnknownSettings.Own, guests: []).Select(f => f.Path));
    }

    /// <summary>A section that were missing in the table would not be looked into.</summary>
    [Fact]
    public void Sections_EveryClassOfOptions_IsThere()
        => Assert.Equal(Walk(typeof(PluginDeploymentOptions), "").Order(StringComparer.Ordinal), UnknownSettings.Own.Sections.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Hight", "Hight", "Did you mean \"Height\"?")]
    [InlineData("Others:Wheel", "Others", "Known keys are ")]
    [InlineData("Rooms:kitchen:Windw", "Rooms:kitchen:Windw", "Did you mean \"Window\"?")]
    [InlineData("Rooms:Window:Windw", "Rooms:Window:Windw", "Did you mean \"Window\"?")]
    public void Find_SectionOfABackend_IsLookedIntoAsWellAndHoldsNoSectionsOfOthers(string key, string path, string hint)
    {
        var (found, words) = Assert.Single(FindInHouse(key));

        Assert.Equal($"PluginDeployment:House:{path}", found);
        Assert.StartsWith(hint, words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("height")]
    [InlineData("Rooms:Windw:window")]
    [InlineData("Colours:0")]
    public void Find_SettingsOfABackend_FindsNothing(string key) => Assert.Empty(FindInHouse(key));

    private static List<(string Path, string Hint)> FindInHouse(string key) => [.. UnknownSettings.Find(
        new ConfigurationBuilder().AddInMemoryCollection([new($"PluginDeployment:House:{key}", "1")]).Build().GetSection("PluginDeployment:House"),
        SettingNames.Of<House>().With<Room>("Rooms:*"),
        guests: null)];

    private static IEnumerable<string> Walk(Type type, string place)
        => type.GetProperties()
            .Where(p => p.PropertyType is { IsClass: true, Namespace: not null } t && t.Namespace.StartsWith("Stormly.", StringComparison.Ordinal) && !t.IsAssignableTo(typeof(IEnumerable)))
            .SelectMany(p => Walk(p.PropertyType, place.Length == 0 ? p.Name : $"{place}:{p.Name}"))
            .Prepend(place);

    private static List<(string Path, string Hint)> Find(string key, string value)
        => [.. UnknownSettings.Find(new ConfigurationBuilder().AddInMemoryCollection([new($"PluginDeployment:{key}", value)]).Build().GetSection("PluginDeployment"), UnknownSettings.Own, guests: ["Docker"])];

    private sealed class House
    {
        public int Height { get; set; }

        public IList<string> Colours { get; } = [];

        public IDictionary<string, Room> Rooms { get; } = new Dictionary<string, Room>();
    }

    private sealed class Room
    {
        public string? Window { get; set; }
    }
}
