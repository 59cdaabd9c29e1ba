namespace Stormly.Deploy.Features;

/// <summary>Browser, system and device, from user agent and client hints.</summary>
internal sealed class UserAgentDetector : IFeatureDetector
{
    public IReadOnlyCollection<string> Facts { get; } =
    [
        FeatureFacts.Browser, FeatureFacts.BrowserVersion, FeatureFacts.OperatingSystem, FeatureFacts.OperatingSystemVersion, FeatureFacts.DeviceKind, FeatureFacts.IsMobile,
    ];

    public void Detect(FactFinding finding)
    {
        var info = ClientHints.Apply(UserAgentParser.Parse(finding.User.UserAgent), finding.User.ClientHints);
        finding.Set(FeatureFacts.Browser, UserAgentValues.Browser(info.Browser, info.Device));
        finding.Set(FeatureFacts.BrowserVersion, finding.Wants(FeatureFacts.BrowserVersion) ? UserAgentValues.Version(info.BrowserVersion) : null);
        finding.Set(FeatureFacts.OperatingSystem, UserAgentValues.System(info.System));
        finding.Set(FeatureFacts.OperatingSystemVersion, finding.Wants(FeatureFacts.OperatingSystemVersion) ? UserAgentValues.Version(info.SystemVersion) : null);
        finding.Set(FeatureFacts.DeviceKind, DeviceKinds.Find(info.Device));
        finding.Set(FeatureFacts.IsMobile, info.Device is null ? null : ClockValues.Of(info.Device == DeviceKinds.Mobile));
    }
}
