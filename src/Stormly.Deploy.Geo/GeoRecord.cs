using System.Net;
using MaxMind.Db;

namespace Stormly.Deploy.Geo;

/// <summary>What a database says of one address. Reads the form of MaxMind's own databases, and the flat one of others.</summary>
/// <param name="CountryCode">By ISO 3166, e.g. <c>NL</c>.</param>
/// <param name="Region">The largest subdivision's name.</param>
/// <param name="RegionCode">Its code without the country, e.g. <c>NH</c>.</param>
/// <param name="City">The city's name.</param>
/// <param name="TimeZone">The IANA name.</param>
internal sealed record GeoRecord(string? CountryCode, string? Region, string? RegionCode, string? City, string? TimeZone)
{
    /// <summary>Looks an address up.</summary>
    /// <param name="reader">The database.</param>
    /// <param name="address">The address.</param>
    /// <returns>What it says; null where it says nothing.</returns>
    public static GeoRecord? Find(Reader reader, IPAddress address)
    {
        // A database of IPv4 addresses alone throws where it is asked for another one.
        if (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && reader.Metadata.IPVersion == 4)
        {
            return null;
        }

        if (reader.Find<Dictionary<string, object>>(address) is not { } record)
        {
            return null;
        }

        var region = record.GetValueOrDefault("subdivisions") is IReadOnlyList<object> { Count: > 0 } subdivisions ? subdivisions[0] as IDictionary<string, object> : null;
        return new GeoRecord(
            Text(Inner(record, "country"), "iso_code") ?? Text(record, "country_code"),
            EnglishName(region) ?? Text(record, "state1"),
            Text(region, "iso_code"),
            EnglishName(Inner(record, "city")) ?? Text(record, "city"),
            Text(Inner(record, "location"), "time_zone") ?? Text(record, "timezone"));
    }

    private static IDictionary<string, object>? Inner(Dictionary<string, object> record, string name) => record.GetValueOrDefault(name) as IDictionary<string, object>;

    private static string? EnglishName(IDictionary<string, object>? place)
        => place is not null && place.TryGetValue("names", out var names) ? Text(names as IDictionary<string, object>, "en") : null;

    private static string? Text(IDictionary<string, object>? record, string name)
        => record is not null && record.TryGetValue(name, out var value) && value is string { Length: > 0 } text ? text : null;
}
