using Stormly.Deploy.Model;

namespace Stormly.Deploy.Process.Ports;

/// <summary>The sentences about ports, all in one place: what was seen, and the ways out.</summary>
internal static class PortTexts
{
    public static string OnlyOneInstance(PluginName plugin, string reason)
        => $"Plugin '{plugin}' can run only one local instance: {reason}. Write `{{port}}` or `$PORT` for the port, or run it in containers, which have a network of their own.";

    public static string FixedByOptions(int port) => $"the setting Ports:Mode is Fixed, so every instance takes the declared port {port}";

    public static string TakenBy(PluginName plugin, int port, PluginName? owner)
        => owner is null
            ? $"Port {port}, which plugin '{plugin}' cannot change, is reserved by another host application on this machine. Stop that one, or give the plugin another port."
            : $"Port {port}, which plugin '{plugin}' cannot change, is reserved by an instance of plugin '{owner}'. Give one of the two another port, or write `{{port}}` or `$PORT` for it.";

    public static string Stranger(int port, string who) => $"Port {port} is already in use by {who}, which is not an instance of this plugin.";

    public static string Exhausted(PluginName plugin, int first, int last, int reserved, int listening)
        => $"Plugin '{plugin}' gets no port: all {reserved + listening} ports from {first} to {last} are taken ({reserved} reserved for instances, {listening} with a program that listens). Widen `Ports:First` to `Ports:Last`, or stop something.";

    public static string NoDescriptors(PluginName plugin, string error)
        => $"Plugin '{plugin}' gets no port: the operating system refused to reserve one ({error}). Raise the limit of open files, or stop something.";

    public static string Elsewhere(PluginName plugin, int port, string places)
        => $"Plugin '{plugin}' was started for port {port} but listens on {places}: the port is fixed inside the program. Read the variable PORT, or write `{{port}}` or `$PORT` for the port in startServerCmd, or run it in a container.";

    public static string WrongAddress(PluginName plugin, int port, string places)
        => $"Plugin '{plugin}' listens on {places} only, which cannot be reached at 127.0.0.1:{port}; it must listen on 0.0.0.0 or 127.0.0.1 (see startServerCmd).";

    public static string Nobody(PluginName plugin, int port) => $"Plugin '{plugin}' does not listen on port {port}.";

    public static string CannotTell(int port, int unreadable)
        => $"Who listens on port {port} cannot be told: the open files of process {unreadable}, which belongs to the instance, may not be read. Run the plugin as the user of the host application.";
}
