namespace Stormly.Deploy.AspNetCore;

/// <summary>Who may read what a plugin says of itself: its page and its documents.</summary>
public enum ExplainAccess
{
    /// <summary>Whoever may send requests: the conventions of the group count, and <see cref="PluginEndpointOptions.ExplainPolicy"/> beside them.</summary>
    AsGroup,

    /// <summary>Everybody, whatever authorization the group asks for.</summary>
    Anyone,

    /// <summary>Nobody: nothing of it is mapped.</summary>
    Off,
}
