using System.Net;
using System.Net.Sockets;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>Opens the connection to an instance, within a time of its own.</summary>
internal sealed class InstanceConnector(TimeSpan timeout, TimeProvider time)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        EndPoint target = IPAddress.TryParse(context.DnsEndPoint.Host, out var ip) ? new IPEndPoint(ip, context.DnsEndPoint.Port) : context.DnsEndPoint;
        var socket = ip is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        try
        {
            using var limit = new CancellationTokenSource(timeout, time);
            using var caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
            await socket.ConnectAsync(target, limit.Token).ConfigureAwait(false);

            // The HTTP client asks for the peer's address next, outside its own error handling; where the connection was reset meanwhile that
            // throws. Asked here the answer is kept, and the failure is one to connect: nothing was sent.
            _ = socket.RemoteEndPoint;
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new InstanceConnectException($"no connection to {context.DnsEndPoint.Host}:{context.DnsEndPoint.Port} within {timeout.TotalSeconds:0.###} s", e);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            socket.Dispose();
            var seen = PrintableText.Escape(e.Message, maxLength: 200);
            throw new InstanceConnectException($"no connection to {context.DnsEndPoint.Host}:{context.DnsEndPoint.Port}: {seen}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
