namespace Stormly.Deploy.Requests;

/// <summary>
/// What one revision of a plugin expects in its requests, compiled once: immutable, used by every request at the same time.
/// </summary>
internal sealed class RequestContract
{
}
