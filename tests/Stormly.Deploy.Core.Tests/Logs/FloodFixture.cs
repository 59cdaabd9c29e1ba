using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Logs;

namespace Stormly.Deploy.Core.Tests.Logs;

/// <summary>
/// Lets writers of every kind flood a log each, all at the same time, with one keeper for all of them. Each writes well over the cap, at a pace that leaves
/// some seconds to a busy machine before half the cap is full.
/// </summary>
public sealed class FloodFixture : IAsyncLifetime
{
    public const long CapBytes = 24 << 20;

    private readonly Dictionary<string, FloodResult> _results = [];

    /// <summary>What became of a writer; null where the machine lacks its program.</summary>
    public FloodResult? Of(string writer) => _results.GetValueOrDefault(writer);

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var keeper = new LogKeeper(TimeProvider.System, Options.Create(new LogOptions { CapBytes = CapBytes }), NullLogger<LogKeeper>.Instance);
        foreach (var result in await Flood.RunAllAsync(keeper))
        {
            _results[result.Writer] = result;
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var result in _results.Values)
        {
            Directory.Delete(Path.GetDirectoryName(result.LogFile)!, recursive: true);
        }

        return ValueTask.CompletedTask;
    }
}
