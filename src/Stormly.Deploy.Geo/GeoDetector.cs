using Stormly.Deploy.Features;

namespace Stormly.Deploy.Geo;

/// <summary>Where an address is.</summary>
internal sealed class GeoDetector(GeoDatabase database) : IFeatureDetector
{
    public IReadOnlyCollection<string> Facts { get; } = [FeatureFacts.Country, FeatureFacts.Region, FeatureFacts.City, FeatureFacts.TimeZone];

    public void Detect(FactFinding finding)
    {
        if (finding.User.Address is not { } address || database.Current is not { } reader || GeoRecord.Find(reader, address) is not { } found)
        {
            return;
        }

        finding.Set(FeatureFacts.Country, found.CountryCode is null ? null : FactValue.OfCountry(found.CountryCode));
        finding.Set(FeatureFacts.Region, found.Region is null ? null : found.RegionCode is null ? FactValue.Of(found.Region) : FactValue.Of(found.Region, found.RegionCode, $"{found.CountryCode}-{found.RegionCode}"));
        finding.Set(FeatureFacts.City, found.City is null ? null : FactValue.Of(found.City));
        finding.Set(FeatureFacts.TimeZone, found.TimeZone is null ? null : FactValue.Of(found.TimeZone));
    }
}
