namespace Stormly.Deploy.Logs;

/// <summary>Keeps one instance's log folder within its cap.</summary>
internal interface ILogCap : IDisposable
{
    /// <summary>Measures the folder and cuts what is too much.</summary>
    /// <returns>What was found and done. Never throws for what a plugin can do to its files.</returns>
    LogLook Look();
}
