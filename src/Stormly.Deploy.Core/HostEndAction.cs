namespace Stormly.Deploy;

/// <summary>What becomes of the instances of plugins when the host application ends.</summary>
public enum HostEndAction
{
    /// <summary>They end with it, however it ends: when it is stopped, when it crashes, when it is killed.</summary>
    EndPlugins,

    /// <summary>They end when it is stopped. When it crashes or is killed they live on, and its next run takes them over.</summary>
    KeepPluginsAfterCrash,

    /// <summary>They live on in any case, and the next run takes them over. A planned stop lets them finish their requests and leaves them running.</summary>
    KeepPlugins,
}
