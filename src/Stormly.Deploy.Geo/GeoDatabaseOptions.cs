namespace Stormly.Deploy.Geo;

/// <summary>Where the geo database is.</summary>
public sealed class GeoDatabaseOptions
{
    /// <summary>The file in MaxMind's format. Required.</summary>
    public string Path { get; set; } = "";

    /// <summary>How often the file is looked at. Default 1 min; 1 s to 1 day. A changed file is read when two looks in a row find it the same.</summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromMinutes(1);
}
