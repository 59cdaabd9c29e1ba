namespace Stormly.Deploy.Manifests;

/// <summary>Where what is known of a feature's values comes from. Each is preferred to those below it.</summary>
public enum FeatureValueSource
{
    /// <summary>Nowhere: nothing is known.</summary>
    None,

    /// <summary>Rows of real data that the host application supplied.</summary>
    Rows,

    /// <summary>The manifest's metadata.</summary>
    Metadata,

    /// <summary>Requests that the plugin answered well.</summary>
    Requests,
}
