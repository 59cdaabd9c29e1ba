namespace Stormly.Deploy.Runtime;

/// <summary>What a controller is there for at the moment. It only moves down this list.</summary>
internal enum DeploymentMode
{
    /// <summary>To keep the deployment up.</summary>
    Running,

    /// <summary>To end everything, because the host application ends; the stored state stays.</summary>
    Stopping,

    /// <summary>To end everything and to forget the deployment.</summary>
    Removing,

    /// <summary>Nothing: all of it has ended.</summary>
    Over,
}
