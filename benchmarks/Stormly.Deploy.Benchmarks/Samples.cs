using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Benchmarks;

/// <summary>One plugin as a shop would have it: 23 features, a custom property, a body of about 800 bytes.</summary>
internal static class Samples
{
    public const int MaxDepth = 64;

    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    public static readonly ImmutableArray<FeatureDescriptor> Features =
    [
        .. Of(NativeType.String, "\"NL\"", "country", "city", "browser", "os", "device_type", "language", "utm_source", "utm_campaign", "plan", "referrer_domain"),
        .. Of(NativeType.Float, "1.5", "screen_width", "screen_height", "sessions_7d", "sessions_30d", "purchases_total", "revenue_total", "avg_session_seconds", "last_seen_hours", "cart_items", "hour"),
        .. Of(NativeType.Boolean, "true", "is_subscriber", "did_search", "did_share"),
    ];

    public static readonly byte[] RequestBody = MakeBody();

    public static readonly byte[] ResponseBody =
        """{"score":0.9998,"label":"A","reasons":[{"feature":"feature_country","weight":0.31},{"feature":"feature_plan","weight":-0.12}],"model":{"name":"churn","version":12,"trained":"2023-11-14T22:13:20Z"},"text":"S\u00e3o Tom\u00e9"}"""u8.ToArray();

    public static readonly byte[] LargeResponseBody = MakeLarge();

    public static RequestContract Contract(bool fill)
    {
        var inputs = Features.Select(f => new ExplainedInput { Name = f.Key, Required = true, Feature = f })
            .Append(new ExplainedInput { Name = "user_created", Required = true, Examples = [RawJson.FromText("1690000000")] });
        var explanation = new PluginExplanation { Tabs = [new ExplainedTab { Inputs = [.. inputs] }] };
        return RequestContract.Create(explanation, Features, new RequestOptions { FillMissingFeatures = fill });
    }

    public static byte[] File(string name) => System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TestData", name));

    private static IEnumerable<FeatureDescriptor> Of(NativeType type, string mostCommon, params string[] names)
        => names.Select(n => new FeatureDescriptor { Key = "feature_" + n, NativeType = type, MostCommon = RawJson.FromText(mostCommon) });

    private static byte[] MakeBody()
    {
        var members = Features.Select((f, i) => f.NativeType switch
        {
            NativeType.String => $"\"{f.Key}\":\"value number {i}\"",
            NativeType.Float => string.Create(CultureInfo.InvariantCulture, $"\"{f.Key}\":{i * 37.25}"),
            _ => $"\"{f.Key}\":{(i % 2 == 0 ? "true" : "false")}",
        });
        return Encoding.UTF8.GetBytes("{\"props\":{\"user_created\":1690000000," + string.Join(',', members) + "}}");
    }

    private static byte[] MakeLarge()
        => Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Range(0, 5000).Select(i => $"{{\"id\":{i},\"score\":0.{i:D4},\"label\":\"user {i}\"}}")) + "]");
}
