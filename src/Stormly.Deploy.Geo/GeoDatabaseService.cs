using Microsoft.Extensions.Hosting;

namespace Stormly.Deploy.Geo;

/// <summary>Reads the database when the host application starts, so that the first request does not wait for it.</summary>
internal sealed class GeoDatabaseService(GeoDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        database.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
