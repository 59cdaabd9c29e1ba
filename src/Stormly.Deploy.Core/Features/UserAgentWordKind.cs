namespace Stormly.Deploy.Features;

/// <summary>What a word of a user agent says something about.</summary>
internal enum UserAgentWordKind
{
    /// <summary>The browser, or another program.</summary>
    Program,

    /// <summary>The operating system.</summary>
    System,

    /// <summary>The kind of device.</summary>
    Device,
}
