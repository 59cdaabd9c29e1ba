namespace Stormly.Deploy.Routing;

/// <summary>The bounds of one call to an instance.</summary>
/// <param name="Timeout">For everything together: connect, send, headers and body. It is measured by the container's <see cref="TimeProvider"/>.</param>
/// <param name="MaxResponseBytes">The greatest body that is read; a greater one is <see cref="CallResult.TooLarge"/>.</param>
public readonly record struct CallLimits(TimeSpan Timeout, int MaxResponseBytes);
