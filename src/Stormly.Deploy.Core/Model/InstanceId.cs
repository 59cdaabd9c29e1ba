namespace Stormly.Deploy.Model;

/// <summary>Names one start of a plugin, for example <c>churn-3f9a2c41</c>. Never used twice; safe as a folder name and a label.</summary>
/// <param name="Value">The text.</param>
public sealed record InstanceId(string Value)
{
    /// <summary>Makes a fresh name.</summary>
    /// <param name="plugin">The plugin that is started.</param>
    /// <returns>The plugin's name and eight random hex digits.</returns>
    public static InstanceId New(PluginName plugin) => New(plugin, Random.Shared);

    internal static InstanceId New(PluginName plugin, Random random) => new($"{plugin}-{random.GetHexString(8, lowercase: true)}");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
