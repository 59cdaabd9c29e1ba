using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Features;

namespace Stormly.Deploy.Geo.Tests;

public sealed class GeoDatabaseTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("stormly-geo-").FullName;
    private readonly FakeTimeProvider _time = new(Now);
    private readonly FakeLogger<GeoDatabase> _log = new();
    private readonly GeoDatabaseOptions _options;
    private readonly GeoDatabase _database;

    public GeoDatabaseTests()
    {
        _options = new GeoDatabaseOptions { Path = Path.Combine(_folder, "city.mmdb") };
        _database = new GeoDatabase(_options, _time, _log);
    }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("203.0.113.9", "NL", "North Holland", "Amsterdam", "Europe/Amsterdam")]
    [InlineData("2001:db8:1::7", "NL", "North Holland", "Amsterdam", "Europe/Amsterdam")]
    [InlineData("198.51.100.1", "DE", null, null, null)]
    [InlineData("192.0.2.1", "FR", "Occitanie", "Toulouse", "Europe/Paris")]
    [InlineData("127.0.0.1", null, null, null, null)]
    [InlineData("10.0.0.1", null, null, null, null)]
    [InlineData("::1", null, null, null, null)]
    [InlineData("2001:db8:ffff::1", null, null, null, null)]
    [InlineData(null, null, null, null, null)]
    public void Detect_Address_IsWhatTheDatabaseSays(string? address, string? country, string? region, string? city, string? zone)
    {
        Write(Whole());
        _database.Start();

        Assert.Equal((country, region, city, zone), (Find(address, FeatureFacts.Country)?.Text, Find(address, FeatureFacts.Region)?.Text, Find(address, FeatureFacts.City)?.Text, Find(address, FeatureFacts.TimeZone)?.Text));
        Assert.Equal(region == "North Holland" ? ["NH", "NL-NH"] : [], Find(address, FeatureFacts.Region) is { } found ? found.Others : []);
    }

    [Fact]
    public void Detect_Country_HasAllItsSpellings()
    {
        Write(Whole());
        _database.Start();
        Assert.Equal(["NLD", "Netherlands"], Find("203.0.113.9", FeatureFacts.Country)!.Others[..2]);
    }

    [Fact]
    public void Look_ChangedFile_TakesEffectWhenItIsQuietAndOldLookupsFinish()
    {
        Write(Whole());
        _database.Start();
        var old = _database.Current!;
        Replace(new MmdbWriter().Add("203.0.113.0/24", Country("BE")).ToArray());

        _time.Advance(_options.CheckInterval);
        Assert.Equal("NL", Find("203.0.113.9", FeatureFacts.Country)?.Text); // seen, but it may still be written
        _time.Advance(_options.CheckInterval);
        Assert.Equal("BE", Find("203.0.113.9", FeatureFacts.Country)?.Text);
        Assert.Equal("NL", GeoRecord.Find(old, IPAddress.Parse("203.0.113.9"))?.CountryCode);
        Assert.Equal(2, _log.Collector.GetSnapshot().Count(e => e.Id.Id == 5000));
    }

    [Fact]
    public void Look_UnchangedFile_IsNotReadAgain()
    {
        Write(Whole());
        _database.Start();
        var first = _database.Current;
        _time.Advance(10 * _options.CheckInterval);
        Assert.Same(first, _database.Current);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-20)]
    public void Look_BrokenFile_KeepsTheOldOneAndIsReportedOnce(int length)
    {
        Write(Whole());
        _database.Start();
        Replace(length < 0 ? Whole()[..^-length] : Whole()[..length]);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(_options.CheckInterval);
        }

        Assert.Equal("NL", Find("203.0.113.9", FeatureFacts.Country)?.Text);
        Assert.Single(_log.Collector.GetSnapshot(), e => e.Level == LogLevel.Error);
        Replace(new MmdbWriter().Add("203.0.113.0/24", Country("BE")).ToArray()); // mended
        _time.Advance(2 * _options.CheckInterval);
        Assert.Equal("BE", Find("203.0.113.9", FeatureFacts.Country)?.Text);
    }

    [Fact]
    public void Look_FileThatCannotBeReadForAWhile_IsReportedOnceAndReadWhenItCan()
    {
        Write(Whole());
        using (new FileStream(_options.Path, FileMode.Open, FileAccess.Read, FileShare.None))
        {
            _database.Start();
            _time.Advance(3 * _options.CheckInterval);
            Assert.Null(Find("203.0.113.9", FeatureFacts.Country));
        }

        _time.Advance(_options.CheckInterval);

        Assert.Equal("NL", Find("203.0.113.9", FeatureFacts.Country)?.Text);
        Assert.Single(_log.Collector.GetSnapshot(), e => e.Level == LogLevel.Error);
    }

    [Fact]
    public void Look_MissingFile_IsReportedOnceAndFoundWhenItComes()
    {
        _database.Start();
        _time.Advance(3 * _options.CheckInterval);
        Assert.Null(Find("203.0.113.9", FeatureFacts.Country));
        Assert.Single(_log.Collector.GetSnapshot(), e => e.Id.Id == 5002);
        Write(Whole());
        _time.Advance(2 * _options.CheckInterval);
        Assert.Equal("NL", Find("203.0.113.9", FeatureFacts.Country)?.Text);
        File.Delete(_options.Path);
        _time.Advance(2 * _options.CheckInterval);
        Assert.Equal("NL", Find("203.0.113.9", FeatureFacts.Country)?.Text); // what was read stays
    }

    [Fact]
    public void UseGeoDatabase_Twice_RegistersOnceAndDetectsTheLocalHour()
    {
        Write(Whole());
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time);
        services.AddPluginDeployment().UseGeoDatabase("elsewhere").UseGeoDatabase(_options.Path);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<GeoDatabase>().Start();
        var detectors = provider.GetServices<IFeatureDetector>().ToList();

        Assert.Single(detectors.OfType<GeoDetector>());
        var finding = new FactFinding(new EndUser { Address = IPAddress.Parse("203.0.113.9") }, Now);
        finding.Want(FeatureFacts.LocalHour);
        finding.Want(FeatureFacts.TimeZone);
        foreach (var detector in Enumerable.Reverse(detectors))
        {
            detector.Detect(finding);
        }

        Assert.Equal(23, finding.Find(FeatureFacts.LocalHour)?.Number); // 22:13 UTC is 23:13 in Amsterdam
    }

    [Fact]
    public void Validate_OptionsThatCannotWork_AreAllNamed()
    {
        var result = new GeoDatabaseOptionsValidator().Validate(null, new GeoDatabaseOptions { Path = " ", CheckInterval = TimeSpan.Zero });
        Assert.Equal(2, result.Failures?.Count());
    }

    private FactValue? Find(string? address, string fact)
    {
        var finding = new FactFinding(new EndUser { Address = address is null ? null : IPAddress.Parse(address) }, Now);
        finding.Want(fact);
        new GeoDetector(_database).Detect(finding);
        return finding.Find(fact);
    }

    private void Write(byte[] file)
    {
        File.WriteAllBytes(_options.Path, file);
        File.SetLastWriteTimeUtc(_options.Path, Now.UtcDateTime);
    }

    private void Replace(byte[] file)
    {
        var next = _options.Path + ".next";
        File.WriteAllBytes(next, file);
        File.SetLastWriteTimeUtc(next, Now.UtcDateTime.AddHours(file.Length));
        File.Move(next, _options.Path, overwrite: true);
    }

    private static byte[] Whole() => new MmdbWriter()
        .Add("203.0.113.0/24", Amsterdam())
        .Add("2001:db8:1::/48", Amsterdam())
        .Add("198.51.100.0/24", Country("DE"))
        .Add("192.0.2.0/24", new Dictionary<string, object> { ["country_code"] = "FR", ["state1"] = "Occitanie", ["city"] = "Toulouse", ["timezone"] = "Europe/Paris" })
        .ToArray();

    private static Dictionary<string, object> Country(string code) => new() { ["country"] = new Dictionary<string, object> { ["iso_code"] = code } };

    private static Dictionary<string, object> Amsterdam() => new()
    {
        ["country"] = new Dictionary<string, object> { ["iso_code"] = "NL", ["names"] = Names("The Netherlands") },
        ["subdivisions"] = new List<object> { new Dictionary<string, object> { ["iso_code"] = "NH", ["names"] = Names("North Holland") } },
        ["city"] = new Dictionary<string, object> { ["names"] = Names("Amsterdam") },
        ["location"] = new Dictionary<string, object> { ["time_zone"] = "Europe/Amsterdam" },
    };

    private static Dictionary<string, object> Names(string english) => new() { ["de"] = "anders", ["en"] = english };
}
