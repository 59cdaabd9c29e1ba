namespace Stormly.Deploy.Hosts;

/// <summary>Where an instance listens for HTTP/1.1.</summary>
/// <param name="Host">An IP address or host name, e.g. <c>127.0.0.1</c>.</param>
/// <param name="Port">The port, 1 to 65535.</param>
public sealed record InstanceAddress(string Host, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
