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
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new InstanceConnectException($"no connection to {context.DnsEndPoint.Host}:{context.DnsEndPoint.Port} within {timeout.TotalSeconds:0.###} s", e);
        }
        catch (SocketException e)
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
