namespace Stormly.Deploy.Explain;

/// <summary>Who supplies an input's value where the caller does not. The caller's own value always wins.</summary>
public enum InputSource
{
    /// <summary>Nobody but the caller.</summary>
    Caller,

    /// <summary>A feature provider of the host application.</summary>
    Provider,

    /// <summary>The library, from what the end user's request carries.</summary>
    Detector,
}
