namespace Stormly.Deploy;

/// <summary>Says what callers of plugins should know. All members may be called at the same time from any thread.</summary>
public interface IPluginDescriptions
{
    /// <summary>The description of a plugin as requests meet it now.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <returns>The description, or null where there is no such plugin or nothing of it was ever stored.</returns>
    PluginDescription? Get(string plugin);
}
