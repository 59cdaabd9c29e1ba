using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Core.Tests.Requests;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Statistics;

namespace Stormly.Deploy.Core.Tests.Statistics;

public class PluginTalliesTests
{
    private static readonly ImmutableArray<FeatureDescriptor> Features =
    [
        Contracts.Feature("feature_country", NativeType.String), Contracts.Feature("feature_age", NativeType.Integer), Contracts.Feature("feature_revenue", NativeType.Float),
        Contracts.Feature("feature_pro", NativeType.Boolean), Contracts.Feature("feature_any", NativeType.Unknown),
    ];

    private readonly FakeTimeProvider _clock = new();
    private int _caller;

    [Fact]
    public void Note_GoodRequests_MostCommonAndExamplesComeFromThem()
    {
        var tallies = Make();
        for (var i = 0; i < 100; i++)
        {
            Note(tallies, $$"""{"feature_country": "{{(i % 10 < 6 ? "NL" : "DE")}}", "feature_age": {{20 + (i % 2)}}, "feature_revenue": {{(i * 1.2345).ToString(CultureInfo.InvariantCulture)}}, "feature_pro": {{(i % 3 == 0 ? "true" : "false")}}}""");
        }

        var known = Know(tallies);

        Assert.Equal(("\"NL\"", "\"NL\" \"DE\""), known["feature_country"]);
        Assert.StartsWith("20 21", known["feature_age"].Examples, StringComparison.Ordinal);
        Assert.Equal("false", known["feature_pro"].Most);
        Assert.Equal("", known["feature_any"].Examples);

        // No revenue is frequent: the median stands for all, and no more than three digits of anybody's own are shown.
        var examples = known["feature_revenue"].Examples.Split(' ');
        Assert.Equal(5, examples.Length);
        Assert.InRange(double.Parse(known["feature_revenue"].Most, CultureInfo.InvariantCulture), 55, 66);
        Assert.All(examples, e => Assert.InRange(e.Count(char.IsAsciiDigit), 1, 3));
    }

    [Theory]
    [InlineData(19, 19, "")]
    [InlineData(20, 20, "\"NL\"")]
    [InlineData(1000, 4, "")]
    [InlineData(1000, 1, "")]
    [InlineData(1000, 400, "\"NL\"")]
    public void Note_FewerTimesOrCallersThanAsked_ShowsNothing(int times, int callers, string expected)
    {
        var tallies = Make(new StatisticsOptions { SamplesPerSecond = 10_000 });
        for (var i = 0; i < times; i++)
        {
            Note(tallies, """{"props": {"feature_country": "NL"}}"""u8, new IPAddress([10, 0, (byte)(i % callers / 256), (byte)(i % callers % 256)]));
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(expected, Know(tallies)["feature_country"].Most);
    }

    [Fact]
    public void Note_NumbersOfOnePerson_AreNotShownHoweverOftenTheyCome()
    {
        var tallies = Make();
        for (var i = 0; i < 500; i++)
        {
            Note(tallies, Encoding.UTF8.GetBytes($"{{\"props\": {{\"feature_revenue\": {i}.5}}}}"), IPAddress.Parse("2001:db8::" + i.ToString("x", CultureInfo.InvariantCulture)));
            _clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        // All of these addresses are of one subscriber: an IPv6 network is given out by its first 64 bits.
        Assert.Equal(("", ""), Know(tallies)["feature_revenue"]);
    }

    [Fact]
    public void Note_UnknownEndUsers_CountAsOneEach()
    {
        var tallies = Make();
        for (var i = 0; i < 20; i++)
        {
            Note(tallies, """{"props": {"feature_pro": true}}"""u8, null);
        }

        Assert.Equal("true", Know(tallies)["feature_pro"].Most);
    }

    [Fact]
    public void Note_WhatIsNoDeclaredFeature_IsNowhere()
    {
        var tallies = Make();
        for (var i = 0; i < 100; i++)
        {
            Note(tallies, """{"user_email": "secret-1@example.com", "feature_unknown": "secret-2", "now": 1, "feature_any": {"feature_country": "secret-3"}, "feature_country": ["secret-4"], "feature_pro": null}""");
            Note(tallies, """{"context": {"props": {"feature_country": "secret-5"}}, "props": {}}"""u8, Caller());
            Note(tallies, """{"context": {"feature_country": "secret-6"}}"""u8, Caller());
        }

        Assert.All(Know(tallies).Values, k => Assert.Equal("", k.Examples));
        tallies.Read((learned, _) =>
        {
            Assert.All(learned.Sketches.Values, s => Assert.Equal(0, s.Values.Total));
            return 0;
        });
    }

    [Fact]
    public void Note_FeatureThatIsNotToBeLearned_IsNotLearned()
    {
        var options = new StatisticsOptions { NotLearned = { "feature_country", "other/feature_pro", "churn/feature_age" } };
        var tallies = Make(options);
        for (var i = 0; i < 50; i++)
        {
            Note(tallies, """{"feature_country": "NL", "feature_age": 30, "feature_pro": true}""");
        }

        var known = Know(tallies, options);
        Assert.Equal(("", "", "true"), (known["feature_country"].Most, known["feature_age"].Most, known["feature_pro"].Most));
        Assert.DoesNotContain("feature_country", tallies.Read((learned, _) => learned.Sketches.Keys.ToList()));
    }

    [Fact]
    public void Note_LearningTurnedOff_CountsNothing()
    {
        var tallies = Make(new StatisticsOptions { Learn = false });
        Note(tallies, """{"feature_pro": true}""");

        Assert.Equal(0, tallies.Version);
        Assert.Equal(0, tallies.Read((learned, _) => learned.Samples));
    }

    [Fact]
    public void Note_MoreThanAreLookedAt_TakesAsManyAsASecondHas()
    {
        var tallies = Make(new StatisticsOptions { SamplesPerSecond = 50 });
        for (var ms = 0; ms < 10_000; ms++)
        {
            Note(tallies, """{"props": {"feature_pro": true}}"""u8, null);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(tallies.Read((learned, _) => learned.Samples), 500, 550);
    }

    [Fact]
    public void Note_Adversary_MemoryStaysWithinItsBound()
    {
        var options = new StatisticsOptions { SamplesPerSecond = 100_000, MaxBytes = 64 * 1024, Window = 1000 };
        var features = Enumerable.Range(0, 40).Select(i => Contracts.Feature($"feature_{i:d2}", i % 2 == 0 ? NativeType.Float : NativeType.Unknown)).ToImmutableArray();
        var tallies = new PluginTallies(PluginName.Parse("churn"), options, _clock, 1);
        tallies.Declare(features);
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var props = string.Join(',', features.Select(f => $"\"{f.Key}\": {Hostile(random, i)}"));
            Note(tallies, Encoding.UTF8.GetBytes($"{{\"props\": {{{props}}}}}"), Caller());
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.InRange(tallies.Bytes, 0, options.MaxBytes);
        }

        Assert.True(tallies.Read((learned, _) => learned.Samples) > 400);
    }

    [Fact]
    public void Declare_OtherFeatures_KeepsWhatIsKnownOfThoseThatStay()
    {
        var tallies = Make();
        for (var i = 0; i < 50; i++)
        {
            Note(tallies, """{"feature_country": "NL", "feature_age": 30}""");
        }

        Assert.True(tallies.Declare([Features[0], Contracts.Feature("feature_new", NativeType.String), Contracts.Feature("feature_age", NativeType.String)]));

        Assert.Equal("\"NL\"", Know(tallies)["feature_country"].Most);
        Assert.Equal("", FeatureKnowledge.AddTo(tallies, [Contracts.Feature("feature_age", NativeType.String)], new StatisticsOptions())[0].MostCommon?.ToString() ?? "");

        // Those of the revision before are still counted: its requests may go on beside a canary.
        Assert.Contains("feature_pro", tallies.Features.Select(f => f.Key));
    }

    [Fact]
    public void AddTo_Everything_PrefersRowsThenMetadataThenRequests()
    {
        var tallies = Make();
        for (var i = 0; i < 50; i++)
        {
            Note(tallies, """{"feature_country": "learned", "feature_any": "learned", "feature_pro": true}""");
        }

        var rows = tallies.MakeRows();
        for (var i = 0; i < 5; i++)
        {
            var row = new Utf8JsonReader("{\"feature_country\": \"rows\"}"u8);
            row.Read();
            rows.Add(ref row, 1);
        }

        tallies.Use(rows);
        ImmutableArray<FeatureDescriptor> manifest =
        [
            Contracts.Feature("feature_country", NativeType.String, "\"manifest\""), Contracts.Feature("feature_any", NativeType.Unknown, "\"manifest\""), Contracts.Feature("feature_pro", NativeType.Boolean),
        ];
        var known = FeatureKnowledge.AddTo(tallies, manifest, new StatisticsOptions());

        Assert.Equal(["\"rows\"", "\"manifest\"", "true"], known.Select(k => k.MostCommon!.Value.ToString()));
        Assert.Equal([FeatureValueSource.Rows, FeatureValueSource.Rows], [known[0].MostCommonFrom, known[0].ExamplesFrom]);
        Assert.Equal((FeatureValueSource.Requests, "\"learned\""), (known[1].ExamplesFrom, known[1].Examples[0].ToString()));
        Assert.Equal(FeatureValueSource.Requests, known[2].MostCommonFrom);
    }

    [Fact]
    public async Task Note_ManyThreads_LosesNoConsistencyAndNeverWaits()
    {
        var tallies = new PluginTallies(PluginName.Parse("churn"), new StatisticsOptions { SamplesPerSecond = 100_000 }, TimeProvider.System, 1);
        tallies.Declare(Features);
        var token = TestContext.Current.CancellationToken;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () =>
            {
                for (var i = 0; i < 5000; i++)
                {
                    Note(tallies, """{"props": {"feature_country": "NL", "feature_age": 3}}"""u8, null);
                }
            },
            token)));

        var (samples, total, numbers) = tallies.Read((learned, _) => (learned.Samples, learned.Sketches["feature_country"].Values.Total, learned.Sketches["feature_age"].Numbers.Total));
        Assert.InRange(samples, 1, 40_000);
        Assert.Equal((samples, samples), (total, numbers));
    }

    private static string Hostile(Random random, int i) => random.Next(7) switch
    {
        0 => i.ToString(CultureInfo.InvariantCulture),
        1 => $"\"{i.ToString("d90", CultureInfo.InvariantCulture)}\"",
        2 => $"\"{new string('y', 5000)}\"",
        3 => new string('[', 50) + new string(']', 50),
        4 => (random.NextDouble() * Math.Pow(10, random.Next(-300, 300))).ToString("R", CultureInfo.InvariantCulture),
        5 => "\"\\ud83d\\ude00 NaN\"",
        _ => "{\"feature_00\": {\"a\": [1, 2, {\"b\": null}]}}",
    };

    private PluginTallies Make(StatisticsOptions? options = null)
    {
        var tallies = new PluginTallies(PluginName.Parse("churn"), options ?? new StatisticsOptions(), _clock, 1);
        tallies.Declare(Features);
        return tallies;
    }

    private IPAddress Caller() => new([10, 1, (byte)(++_caller / 256), (byte)(_caller % 256)]);

    private void Note(PluginTallies tallies, string props)
    {
        Note(tallies, Encoding.UTF8.GetBytes($"{{\"context\": {{\"ip\": \"1.2.3.4\"}}, \"props\": {props}}}"), Caller());
        _clock.Advance(TimeSpan.FromMilliseconds(20));
    }

    private static Dictionary<string, (string Most, string Examples)> Know(PluginTallies tallies, StatisticsOptions? options = null)
        => FeatureKnowledge.AddTo(tallies, Features, options ?? new StatisticsOptions())
            .ToDictionary(f => f.Key, f => (f.MostCommon?.ToString() ?? "", string.Join(' ', f.Examples)));

    private static void Note(PluginTallies tallies, ReadOnlySpan<byte> body, IPAddress? caller)
    {
        if (tallies.Wants())
        {
            tallies.Count(body, caller);
        }
    }
}
