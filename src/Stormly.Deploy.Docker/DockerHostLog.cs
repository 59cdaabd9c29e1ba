using Microsoft.Extensions.Logging;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker;

/// <summary>What the backend reports: events 4000 to 4029.</summary>
internal static partial class DockerHostLog
{
    [LoggerMessage(4000, LogLevel.Information, "Plugin {Plugin}: instance {Instance} runs as container {Container} of image {Image} and is reached at {Address}")]
    public static partial void Started(ILogger logger, PluginName plugin, InstanceId instance, string container, string image, string address);

    [LoggerMessage(4001, LogLevel.Warning, "Plugin {Plugin}: instance {Instance} {Reason}")]
    public static partial void Ended(ILogger logger, PluginName plugin, InstanceId instance, string reason);

    [LoggerMessage(4002, LogLevel.Information, "Plugin {Plugin}: the container of instance {Instance} is removed; it {Reason}")]
    public static partial void Stopped(ILogger logger, PluginName plugin, InstanceId instance, string reason);

    [LoggerMessage(4003, LogLevel.Information, "Found a container of instance {Instance} of an earlier run: {Detail}")]
    public static partial void Recovered(ILogger logger, InstanceId instance, string detail);

    [LoggerMessage(4004, LogLevel.Information, "The engine fetches image {Image}")]
    public static partial void Pulling(ILogger logger, string image);

    [LoggerMessage(4005, LogLevel.Information, "The engine fetches image {Image}: {Progress}")]
    public static partial void PullProgress(ILogger logger, string image, string progress);

    [LoggerMessage(4006, LogLevel.Information, "The engine has fetched image {Image}")]
    public static partial void Pulled(ILogger logger, string image);

    [LoggerMessage(4007, LogLevel.Warning, "Image {Image} could not be fetched; the one that the engine has is used: {Problem}")]
    public static partial void PullFailed(ILogger logger, string image, string problem);

    [LoggerMessage(4008, LogLevel.Warning, "The engine went away or does not answer; instances that run go on, and it is asked again and again: {Problem}")]
    public static partial void EngineLost(ILogger logger, string problem);

    [LoggerMessage(4009, LogLevel.Information, "The engine answers again; {Count} containers of ours were compared")]
    public static partial void EngineBack(ILogger logger, int count);

    [LoggerMessage(4010, LogLevel.Information, "Removed container {Container} of instance {Instance}: {Reason}")]
    public static partial void Swept(ILogger logger, string container, InstanceId instance, string reason);

    [LoggerMessage(4011, LogLevel.Warning, "Container {Container} cannot be removed now, and is removed as soon as the engine lets it: {Problem}")]
    public static partial void RemovalPending(ILogger logger, string container, string problem);

    [LoggerMessage(4012, LogLevel.Information, "Plugin {Plugin}: somebody else took the published port of instance {Instance} first; trying another one")]
    public static partial void PortTaken(ILogger logger, PluginName plugin, InstanceId instance);
}
