namespace Stormly.Deploy.Features;

/// <summary>The preferred language, from <c>Accept-Language</c>.</summary>
internal sealed class LanguageDetector : IFeatureDetector
{
    public IReadOnlyCollection<string> Facts { get; } = [FeatureFacts.Language];

    public void Detect(FactFinding finding) => finding.Set(FeatureFacts.Language, Languages.Preferred(finding.User.AcceptLanguage));
}
