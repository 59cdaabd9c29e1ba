using System.Net;
using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Core.Tests.Features;

/// <summary>Short ways to features and facts.</summary>
internal static class Wanted
{
    /// <summary>A Wednesday, 22:13:20 UTC.</summary>
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + 86400);

    public static FeatureDescriptor Feature(string name, NativeType type = NativeType.String, string? values = null, string? examples = null, string? kind = null) => new()
    {
        Key = "feature_x",
        Name = name,
        NativeType = type,
        Kind = kind,
        Values = Split(values),
        Examples = Split(examples ?? values),
    };

    /// <summary>The fact that detectors find for an end user; null where they find none.</summary>
    public static FactValue? Find(string fact, EndUser user, FeatureOptions? options = null, params IFeatureDetector[] more)
    {
        options ??= new FeatureOptions();
        IFeatureDetector[] detectors = [new ClockDetector(options), new PageDetector(options), new LanguageDetector(), new UserAgentDetector(), .. more];
        var finding = new FactFinding(user, Now);
        finding.Want(fact);
        finding.Want(FeatureFacts.TimeZone);
        foreach (var detector in detectors.Reverse().Where(d => finding.WantsAny(d.Facts)))
        {
            detector.Detect(finding);
        }

        return finding.Find(fact);
    }

    /// <summary>A detector that knows one thing.</summary>
    public sealed class Knowing(string fact, FactValue? value) : IFeatureDetector
    {
        public int Asked { get; private set; }

        public IReadOnlyCollection<string> Facts { get; } = [fact];

        public void Detect(FactFinding finding)
        {
            Asked++;
            finding.Set(fact, value);
        }
    }

    public static EndUser From(string address) => new() { Address = IPAddress.Parse(address) };

    private static System.Collections.Immutable.ImmutableArray<RawJson> Split(string? values) => values is null ? [] : [.. values.Split('|').Select(RawJson.FromText)];
}
