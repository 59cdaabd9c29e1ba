using System.Text;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>Who wins over whom: the caller, the application's provider, the library's detector, the most common value; and <c>now</c> over everybody.</summary>
public sealed class PluginClientFeatureTests : IDisposable, IFeatureProvider, IFeatureDetector
{
    private static readonly FeatureDescriptor Country = new() { Key = "feature_c", Name = "Country", NativeType = NativeType.String, MostCommon = RawJson.FromText("\"FR\"") };
    private static readonly FeatureDescriptor Other = new() { Key = "feature_o", Name = "Did event", NativeType = NativeType.Boolean, MostCommon = RawJson.FromText("false") };

    private readonly RoutingWorld _world = new();
    private readonly ScriptedCaller _instances = new();
    private readonly FeatureOptions _options = new();
    private readonly RequestOptions _requests = new();
    private string? _provided;
    private string? _detected;
    private bool _isLate;
    private int _asked;
    private int _detections;

    public PluginClientFeatureTests() => _instances.Answer(1, () => ScriptedCaller.Whole(200, "{}"));

    IReadOnlyCollection<string> IFeatureDetector.Facts { get; } = [FeatureFacts.Country];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    bool IFeatureProvider.Provides(string plugin, FeatureDescriptor feature) => feature.Key == "feature_c" && (_provided is not null || _isLate);

    ValueTask<IReadOnlyDictionary<string, FeatureValue>> IFeatureProvider.ProvideAsync(FeatureRequest request, CancellationToken cancellationToken)
    {
        _asked++;
        return _isLate
            ? throw new TimeoutException()
            : new(new Dictionary<string, FeatureValue> { ["feature_c"] = _provided, ["now"] = 1L, ["feature_o"] = true, ["user"] = "x" });
    }

    void IFeatureDetector.Detect(FactFinding finding)
    {
        _detections++;
        finding.Set(FeatureFacts.Country, _detected is null ? null : FactValue.Of(_detected));
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    // The caller's own value always wins, however it is written, then the provider, the detector, and by setting the most common value.
    [InlineData("{\"feature_c\":\"DE\"}", "NL", "BE", true, "\"feature_c\":\"DE\"")]
    [InlineData("{\"feature\\u005fc\" : \"D\\u0045\"}", "NL", "BE", true, "\"feature\\u005fc\" : \"D\\u0045\"")]
    [InlineData("{\"feature_c\":null}", "NL", "BE", true, "\"feature_c\":null")]
    [InlineData("{}", "NL", "BE", true, "\"feature_c\":\"NL\"")]
    [InlineData("{}", null, "BE", true, "\"feature_c\":\"BE\"")]
    [InlineData("{}", null, null, true, "\"feature_c\":\"FR\"")]
    [InlineData("{}", "NL", "BE", false, "\"feature_c\":\"NL\"")]
    [InlineData("{}", null, "BE", false, "\"feature_c\":\"BE\"")]
    [InlineData("{}", null, null, false, "")]
    // Another case, or a feature that the model does not have, is another property, and passed on.
    [InlineData("{\"Feature_c\":\"DE\"}", "NL", null, false, "\"Feature_c\":\"DE\",\"feature_c\":\"NL\"")]
    [InlineData("{\"feature_zz\":1,\"NOW\":2}", null, "BE", false, "\"feature_zz\":1,\"NOW\":2,\"feature_c\":\"BE\"")]
    [InlineData("{\"feature_c \":\"DE\"}", null, "BE", false, "\"feature_c \":\"DE\",\"feature_c\":\"BE\"")]
    // now is the library's, however somebody writes it, and whoever does.
    [InlineData("{\"now\":1}", "NL", null, false, "\"feature_c\":\"NL\"")]
    [InlineData("{\"n\\u006fw\":{\"a\":[1]}, \"feature_c\":\"DE\"}", "NL", null, false, "\"feature_c\":\"DE\"")]
    [InlineData("{\"a\":1,\"now\":null,\"b\":2}", null, "BE", false, "\"a\":1,\"b\":2,\"feature_c\":\"BE\"")]
    // What stands in context is the library's as well.
    [InlineData("{},\"context\":{\"feature_c\":\"XX\",\"now\":1}", null, "BE", false, "\"feature_c\":\"BE\"")]
    [Trait("Fault", "74")]
    public async Task Send_Feature_HasTheValueOfWhoComesFirst(string props, string? provided, string? detected, bool fill, string expected)
    {
        (_provided, _detected, _requests.FillMissingFeatures) = (provided, detected, fill);
        using var response = await SendAsync($"{{\"props\":{props}}}", Country);

        Assert.Equal(PluginOutcome.Ok, response.Outcome);
        Assert.Equal($"{{\"props\":{{\"now\":{_world.Time.GetUtcNow().ToUnixTimeSeconds()}{(expected.Length == 0 ? "" : ",")}{expected}}}}}", Assert.Single(_instances.Calls).Body);
    }

    [Theory]
    [InlineData("{\"feature_c\":\"DE\",\"feature_c\":\"NL\"}")]
    [InlineData("{\"feature_c\":\"DE\",\"feature\\u005fc\":\"NL\"}")]
    [InlineData("{\"now\":1,\"n\\u006fw\":2}")]
    [InlineData("{\"feature_c\":7}")]
    [InlineData("{\"feature_c\":[\"NL\"]}")]
    [Trait("Fault", "74")]
    public async Task Send_PropsThatSayTwoThingsOrTheWrongOne_AreRefusedAndNobodyIsAsked(string props)
    {
        (_provided, _detected) = ("NL", "BE");
        using var response = await SendAsync($"{{\"props\":{props}}}", Country);

        Assert.Equal(PluginOutcome.InvalidRequest, response.Outcome);
        Assert.Equal((0, 0, 0), (_asked, _detections, _instances.Calls.Count));
    }

    [Fact]
    [Trait("Fault", "75")]
    public async Task Send_KeyOfAFeatureThatIsHostile_StaysOneNameInTheBody()
    {
        const string Key = "feature_\r\nX-Evil: 1\",\"now\":0,\"";
        _detected = "NL\r\nX-Evil: 1\",\"now\":0";
        using var response = await SendAsync("{\"props\":{}}", Country with { Key = Key });

        using var body = System.Text.Json.JsonDocument.Parse(Assert.Single(_instances.Calls).Body);
        var props = body.RootElement.GetProperty("props");
        Assert.Equal(["now", Key], props.EnumerateObject().Select(p => p.Name));
        Assert.Equal(_detected, props.GetProperty(Key).GetString());
    }

    [Fact]
    public async Task Send_EveryFeatureSupplied_AsksNobody()
    {
        (_provided, _detected) = ("NL", "BE");
        using var response = await SendAsync("{\"props\":{\"feature_c\":\"DE\"}}", Country);
        Assert.Equal((0, 0), (_asked, _detections));
    }

    [Fact]
    public async Task Send_PluginWithoutMappedFeatures_NeverLooksForItsEndUser()
    {
        using var response = await SendAsync("{\"props\":{\"feature_o\":true}}", new PluginCallContext { FindEndUser = () => throw new InvalidOperationException("asked") }, Other);
        Assert.Equal((PluginOutcome.Ok, 0), (response.Outcome, _detections));
    }

    [Theory]
    [InlineData(LateProviderAction.GoOn, PluginOutcome.Ok)]
    [InlineData(LateProviderAction.Fail, PluginOutcome.Unavailable)]
    public async Task Send_ProviderFails_GoesOnOrFailsBySetting(LateProviderAction action, PluginOutcome outcome)
    {
        (_isLate, _detected, _options.WhenProviderIsLate) = (true, "BE", action);
        using var response = await SendAsync("{\"props\":{}}", Country);

        Assert.Equal((outcome, outcome == PluginOutcome.Ok ? null : "feature-provider"), (response.Outcome, response.Problem?.Reason));
        Assert.Equal(outcome == PluginOutcome.Ok ? 1 : 0, _instances.Calls.Count);
        Assert.All(_instances.Calls, c => Assert.Contains("\"feature_c\":\"BE\"", c.Body, StringComparison.Ordinal)); // the detector steps in
    }

    [Fact]
    public async Task Send_InstanceOfAnotherRevision_GetsTheSameValuesInItsOwnFormAndNobodyIsAskedAgain()
    {
        (_provided, _detected) = (null, "Netherlands");
        var sources = Sources();
        var before = MakeEndpoint(sources, Country with { Examples = [RawJson.FromText("\"Germany\"")] });
        var after = MakeEndpoint(sources, Country with { Key = "feature_new" }, Other);
        _world.Table.Publish(new PluginRoute { Plugin = RoutingWorld.Plugin, Endpoint = before, Targets = [_world.MakeTarget(1, after)], Availability = RouteAvailability.Serving });
        var users = 0;
        using var response = await Client(sources).SendAsync("churn", "{\"props\":{\"feature_o\":true}}"u8.ToArray(), new PluginCallContext { FindEndUser = () => ++users > 0 ? new EndUser() : null }, Token);

        Assert.Equal(PluginOutcome.Ok, response.Outcome);
        Assert.EndsWith(",\"feature_o\":true,\"feature_new\":\"Netherlands\"}}", Assert.Single(_instances.Calls).Body, StringComparison.Ordinal);
        Assert.Equal((1, 1), (_detections, users));
    }

    [Fact]
    public async Task Send_WhileACanaryIsTriedOut_AsksOnceBeforeAnInstanceIsClaimed()
    {
        (_provided, _detected) = ("NL", null);
        var sources = Sources();
        var (stable, canary) = (MakeEndpoint(sources, Country), MakeEndpoint(sources, Country));
        var targets = (Stable: _world.MakeTarget(1, stable), Canary: _world.MakeTarget(1, canary));
        _world.Table.Publish(new PluginRoute
        {
            Plugin = RoutingWorld.Plugin,
            Endpoint = stable,
            Targets = [targets.Stable, targets.Canary],
            Canary = new CanaryRoute { Targets = [targets.Canary], Stable = [targets.Stable], Share = 1, Salt = "s", Keys = System.Collections.Frozen.FrozenSet<string>.Empty, Spills = new CanarySpills(RoutingWorld.Plugin, null) },
            Availability = RouteAvailability.Serving,
        });
        using var response = await Client(sources).SendAsync("churn", "{\"props\":{}}"u8.ToArray(), null, Token);

        Assert.Equal((PluginOutcome.Ok, 1), (response.Outcome, _asked));
        Assert.EndsWith(",\"feature_c\":\"NL\"}}", Assert.Single(_instances.Calls).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DetectAsync_Plugin_SaysWhatARequestWithoutFeaturesWouldGet()
    {
        (_provided, _detected) = (null, "BE");
        var sources = Sources();
        var endpoint = MakeEndpoint(sources, Country, Other);
        _world.Publish(RouteAvailability.Serving, _world.MakeTarget(1, endpoint));
        var detection = new FeatureDetection(_world.Table, sources);

        var found = Assert.Single(await detection.DetectAsync("churn", new PluginCallContext(), Token));
        Assert.Equal(("feature_c", "\"BE\"", InputSource.Detector, "country of the address"), (found.Feature, found.Value.ToString(), found.Source, found.By));
        Assert.Empty(await detection.DetectAsync("nobody", new PluginCallContext(), Token));
        Assert.Equal([(false, InputSource.Detector), (true, InputSource.Caller)], endpoint.Contract.Explanation.Tabs[0].Inputs.Select(i => (i.Required, i.Source)));
    }

    private Task<PluginResponse> SendAsync(string body, params FeatureDescriptor[] features) => SendAsync(body, null, features);

    private async Task<PluginResponse> SendAsync(string body, PluginCallContext? context, params FeatureDescriptor[] features)
    {
        var sources = Sources();
        _world.Publish(RouteAvailability.Serving, _world.MakeTarget(1, MakeEndpoint(sources, features)));
        return await Client(sources).SendAsync("churn", Encoding.UTF8.GetBytes(body), context, Token);
    }

    private FeatureSources Sources() => new([this], [this], _options, _world.Time, new KeptLog<FeatureSources>());

    private PluginEndpoint MakeEndpoint(FeatureSources sources, params FeatureDescriptor[] features)
    {
        var plan = sources.Plan("churn", [.. features]);
        var reading = ExplanationReader.Read("s", null, [.. features], plan?.Sources ?? new Dictionary<string, InputSource>());
        var contract = RequestContract.Create(reading.Explanation, [.. features], _requests);
        return new PluginEndpoint("/predict", contract, RoutingWorld.Revision) { Features = plan?.For(contract) };
    }

    private PluginClient Client(FeatureSources sources) => new(
        _world.Table, _world.Router, _instances, Options.Create(_world.Options), Options.Create(_requests), _world.Time, _world.Metrics, new KeptLog<PluginClient>(), sources);
}
