using System.Text;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Core.Tests.Features;

public sealed class FeatureSourcesTests
{
    private readonly FakeTimeProvider _time = new(Wanted.Now);
    private readonly KeptLog<FeatureSources> _log = new();
    private readonly FeatureOptions _options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_SeveralFeaturesMissing_AsksTheProviderOnceForAllOfThem()
    {
        var asked = new List<FeatureRequest>();
        var found = await FindAsync("""{"context":{},"props":{"user_id": "u1", "feature_a":1}}""", user: new EndUser { UserAgent = "UA" }, providers: new Provider((r, _) =>
        {
            asked.Add(r);
            return Values(("feature_b", true), ("feature_c", 2.5), ("feature_d", "x"), ("feature_e", "not asked for"));
        }));

        Assert.Equal("feature_b=true feature_c=2.5 feature_d=\"x\"", found);
        var request = Assert.Single(asked);
        Assert.Equal(["feature_a", "feature_b", "feature_c", "feature_d"], request.Missing.Select(f => f.Key));
        Assert.Equal(("churn", """{"user_id": "u1", "feature_a":1}""", "UA", Wanted.Now), (request.Plugin, request.Props.ToString(), request.EndUser.UserAgent, request.Now));
    }

    [Fact]
    public async Task Find_Again_AsksNobodyTwice()
    {
        var calls = 0;
        var sources = Make(new Provider((_, _) =>
        {
            calls++;
            return Values();
        }));
        var plan = sources.Plan("churn", Features)!;
        var request = new RequestFeatures(sources, "churn", () => null, default);
        Assert.True(await request.FindAsync(plan, [], Token));
        Assert.True(await request.FindAsync(plan, [], Token));
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData(NativeType.Boolean, true, "true")]
    [InlineData(NativeType.Boolean, 1L, null)]
    [InlineData(NativeType.Boolean, "true", null)]
    [InlineData(NativeType.Integer, 7L, "7")]
    [InlineData(NativeType.Integer, 7.0, "7")]
    [InlineData(NativeType.Integer, 7.5, null)]
    [InlineData(NativeType.Float, 7L, "7")]
    [InlineData(NativeType.Float, 1e300, "1E+300")]
    [InlineData(NativeType.Float, double.NaN, null)]
    [InlineData(NativeType.Float, double.PositiveInfinity, null)]
    [InlineData(NativeType.Float, "7", null)]
    [InlineData(NativeType.String, "a\"b", "\"a\\\"b\"")]
    [InlineData(NativeType.String, false, null)]
    [InlineData(NativeType.Unknown, 7.5, "7.5")]
    public async Task Find_ValueOfAnotherType_IsDroppedAndToldOnce(NativeType type, object value, string? expected)
    {
        var given = value switch { bool b => b, long l => l, double d => d, _ => FeatureValue.FromString((string)value) };
        var sources = Make(new Provider((_, _) => Values(("feature_a", given))));
        var plan = sources.Plan("churn", [new FeatureDescriptor { Key = "feature_a", NativeType = type }])!;
        for (var i = 0; i < 3; i++)
        {
            var request = new RequestFeatures(sources, "churn", () => null, default);
            Assert.True(await request.FindAsync(plan, [], Token));
            Assert.Equal(expected, request.Found(plan, []).Select(f => f.Value.ToString()).FirstOrDefault());
        }

        Assert.Equal(expected is null && !given.IsNone ? 1 : 0, _log.Events.Count(e => e.Text.Contains("feature_a", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Find_LateProvider_IsLeftBehindAndToldOnce()
    {
        var never = new TaskCompletionSource<IReadOnlyDictionary<string, FeatureValue>>();
        var cancelled = new List<CancellationToken>();
        var sources = Make(
            new Provider((_, c) =>
            {
                cancelled.Add(c);
                return new(never.Task);
            }),
            new Provider((_, _) => Values(("feature_b", true))));
        var plan = sources.Plan("churn", Features)!;
        for (var i = 0; i < 3; i++)
        {
            var request = new RequestFeatures(sources, "churn", () => null, default);
            var finding = request.FindAsync(plan, [], Token).AsTask();
            Assert.False(finding.IsCompleted);
            _time.Advance(_options.ProviderTimeout);
            Assert.False(await finding);
            Assert.Equal("feature_b=true", Text(plan, request)); // the other one is not lost with it
            Assert.True(cancelled[^1].IsCancellationRequested);
        }

        Assert.Single(_log.Events, e => e.Text.Contains("was late", StringComparison.Ordinal));
        never.SetException(new InvalidOperationException("too late to matter"));
    }

    [Fact]
    public async Task Find_ProviderThatNeverComesBack_GathersNoCallsWithoutEnd()
    {
        var never = new TaskCompletionSource<IReadOnlyDictionary<string, FeatureValue>>();
        var calls = 0;
        var sources = Make(new Provider((_, _) =>
        {
            calls++;
            return new(never.Task);
        }));
        var plan = sources.Plan("churn", Features)!;
        for (var i = 0; i < 3 * ProviderCalls.MostOverdue; i++)
        {
            var finding = new RequestFeatures(sources, "churn", () => null, default).FindAsync(plan, [], Token).AsTask();
            _time.Advance(_options.ProviderTimeout);
            Assert.False(await finding);
        }

        Assert.Equal(ProviderCalls.MostOverdue, calls);
        never.SetResult(new Dictionary<string, FeatureValue>());
        Assert.True(await new RequestFeatures(sources, "churn", () => null, default).FindAsync(plan, [], Token)); // it is back, and asked again
    }

    [Fact]
    public async Task Find_ProviderThatThrows_CountsAsLateAndIsToldOncePerCause()
    {
        var errors = new Queue<Exception>([new InvalidOperationException("a"), new InvalidOperationException("b"), new FormatException("c"), new FormatException("d")]);
        var sources = Make(new Provider((_, _) => throw errors.Dequeue()));
        var plan = sources.Plan("churn", Features)!;
        while (errors.Count > 0)
        {
            Assert.False(await new RequestFeatures(sources, "churn", () => null, default).FindAsync(plan, [], Token));
        }

        Assert.Equal(2, _log.Events.Count);
    }

    [Fact]
    public async Task Find_SeveralProviders_TheLastRegisteredIsBelieved()
        => Assert.Equal("feature_a=2 feature_b=true", await FindAsync("{}", null, new Provider((_, _) => Values(("feature_a", 1L), ("feature_b", true))), new Provider((_, _) => Values(("feature_a", 2L)))));

    [Fact]
    public async Task Find_CallerGoesAway_IsNoFaultOfTheProvider()
    {
        var sources = Make(new Provider(async (_, c) =>
        {
            await Task.Delay(Timeout.Infinite, c);
            return null!;
        }));
        var plan = sources.Plan("churn", Features)!;
        using var gone = new CancellationTokenSource();
        var finding = new RequestFeatures(sources, "churn", () => null, default).FindAsync(plan, [], gone.Token).AsTask();
        await gone.CancelAsync();
        await finding;
        Assert.Empty(_log.Events);
    }

    [Fact]
    public void Detect_DetectorThatThrows_LosesOnlyItsOwnFacts()
    {
        var options = new FeatureOptions();
        var sources = new FeatureSources([new ClockDetector(options), new Throwing()], [], options, _time, _log);
        var plan = sources.Plan("churn", [Wanted.Feature("City"), Wanted.Feature("Hour", NativeType.Integer) with { Key = "feature_y" }])!;
        for (var i = 0; i < 3; i++)
        {
            var request = new RequestFeatures(sources, "churn", () => null, default);
            Assert.True(request.FindAsync(plan, [], Token).AsTask().IsCompletedSuccessfully);
            Assert.Equal("feature_y=22", Text(plan, request));
        }

        Assert.Single(_log.Events);
    }

    [Fact]
    public void Plan_SourcesOfInputs_AreProviderBeforeDetector()
    {
        var options = new FeatureOptions();
        FeatureDescriptor[] features = [Wanted.Feature("Hour", NativeType.Integer), Wanted.Feature("Weekday") with { Key = "feature_y" }, Wanted.Feature("Country") with { Key = "feature_z" }];
        var provider = new Provider((_, _) => Values()) { Only = "feature_x" };
        var plan = new FeatureSources([new ClockDetector(options)], [provider], options, _time, _log).Plan("churn", [.. features])!;

        Assert.Equal([("feature_x", InputSource.Provider), ("feature_y", InputSource.Detector)], plan.Sources.Select(s => (s.Key, s.Value)).OrderBy(s => s.Key, StringComparer.Ordinal)); // no detector knows the country here
        Assert.Null(new FeatureSources([new ClockDetector(options)], [], new FeatureOptions { Detect = false }, _time, _log).Plan("churn", [.. features]));
        Assert.Null(new FeatureSources([new ClockDetector(options)], [], options, _time, _log).Plan("churn", [Wanted.Feature("Did event")]));
    }

    [Fact]
    public void Read_ExplanationWithSources_RequiresNothingThatOthersSupply()
    {
        var explain = RawJson.FromText("""{"inputs":{"feature_x":{"required":true,"importance":0.5},"user":{}}}""");
        var sources = new Dictionary<string, InputSource> { ["feature_x"] = InputSource.Detector, ["user"] = InputSource.Provider };
        var inputs = ExplanationReader.Read("s", explain, [Wanted.Feature("Hour"), Wanted.Feature("Other") with { Key = "feature_y" }], sources).Explanation.Tabs[0].Inputs;

        Assert.Equal(
            [("feature_x", false, InputSource.Detector), ("user", true, InputSource.Caller), ("feature_y", true, InputSource.Caller)], // a custom property is no feature
            inputs.Select(i => (i.Name, i.Required, i.Source)));
        Assert.Equal(0.5, inputs[0].Importance);
    }

    private static System.Collections.Immutable.ImmutableArray<FeatureDescriptor> Features { get; } =
        [.. new[] { ("a", NativeType.Integer), ("b", NativeType.Boolean), ("c", NativeType.Float), ("d", NativeType.String) }.Select(f => new FeatureDescriptor { Key = "feature_" + f.Item1, NativeType = f.Item2 })];

    private FeatureSources Make(params IFeatureProvider[] providers) => new([], providers, _options, _time, _log);

    private async Task<string> FindAsync(string body, EndUser? user, params IFeatureProvider[] providers)
    {
        var sources = Make(providers);
        var plan = sources.Plan("churn", Features)!;
        var request = new RequestFeatures(sources, "churn", () => user, Encoding.UTF8.GetBytes(body));
        Assert.True(await request.FindAsync(plan, [], Token));
        return Text(plan, request);
    }

    private static string Text(FeaturePlan plan, RequestFeatures request) => string.Join(' ', request.Found(plan, []).Select(f => $"{plan.Features[f.Feature].Feature.Key}={f.Value}"));

    private static ValueTask<IReadOnlyDictionary<string, FeatureValue>> Values(params (string Key, FeatureValue Value)[] values) => new(values.ToDictionary(v => v.Key, v => v.Value));

    private sealed class Provider(Func<FeatureRequest, CancellationToken, ValueTask<IReadOnlyDictionary<string, FeatureValue>>> provide) : IFeatureProvider
    {
        public string? Only { get; init; }

        public bool Provides(string plugin, FeatureDescriptor feature) => Only is null || feature.Key == Only;

        public ValueTask<IReadOnlyDictionary<string, FeatureValue>> ProvideAsync(FeatureRequest request, CancellationToken cancellationToken) => provide(request, cancellationToken);
    }

    private sealed class Throwing : IFeatureDetector
    {
        public IReadOnlyCollection<string> Facts { get; } = [FeatureFacts.City];

        public void Detect(FactFinding finding) => throw new InvalidOperationException("broken");
    }
}
