using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Routing;

/// <summary>
/// The HTTP call to an instance, for requests and status checks alike. A failure is a value: only a bug throws. The library brings one that calls
/// <see cref="InstanceAddress"/> over TCP; whoever reaches instances otherwise (a Unix socket, TLS, memory) puts his own into the container, in its place.
/// All members may be called at the same time from any thread.
/// </summary>
public interface IInstanceCaller
{
    /// <summary>POSTs a JSON body and reads the whole answer, within the limits.</summary>
    /// <param name="address">Where the instance listens.</param>
    /// <param name="path">The path, as the plugin's results give it.</param>
    /// <param name="body">The body; must stay unchanged until the answer is there.</param>
    /// <param name="limits">How long it may take and how large the answer may be.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    /// <returns>What came of it; dispose it to give its memory back.</returns>
    ValueTask<CallOutcome> PostAsync(InstanceAddress address, string path, ReadOnlyMemory<byte> body, CallLimits limits, CancellationToken cancellationToken);
}
