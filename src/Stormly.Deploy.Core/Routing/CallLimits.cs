namespace Stormly.Deploy.Routing;

/// <summary>The bounds of one call to an instance.</summary>
/// <param name="Timeout">For everything together: connect, send, headers and body.</param>
/// <param name="MaxResponseBytes">The greatest body that is read.</param>
internal readonly record struct CallLimits(TimeSpan Timeout, int MaxResponseBytes);
