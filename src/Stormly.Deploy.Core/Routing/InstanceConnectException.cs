namespace Stormly.Deploy.Routing;

/// <summary>Thrown by our own connect step alone, and so the proof that not a byte of the request was sent.</summary>
internal sealed class InstanceConnectException(string message, Exception inner) : IOException(message, inner);
