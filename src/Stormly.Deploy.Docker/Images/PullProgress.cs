using System.Globalization;
using Docker.DotNet.Models;

namespace Stormly.Deploy.Docker.Images;

/// <summary>Sums up what an engine reports while it fetches an image, layer by layer.</summary>
internal sealed class PullProgress(TimeSpan every, TimeProvider time, Action<string> report) : IProgress<JSONMessage>
{
    private readonly Dictionary<string, (long Current, long Total)> _layers = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _reported = time.GetTimestamp();

    /// <summary>What the registry or the engine said was wrong; null while nothing was.</summary>
    public string? Error { get; private set; }

    public void Report(JSONMessage value)
    {
        lock (_gate)
        {
            Error = value.Error?.Message ?? Error;
            if (value.Status == "Downloading" && value.ID is { } layer && value.Progress is { } progress)
            {
                _layers[layer] = (progress.Current ?? 0, progress.Total ?? 0);
            }
            else if (value is { Status: "Download complete" or "Pull complete", ID: { } done } && _layers.TryGetValue(done, out var whole))
            {
                _layers[done] = (whole.Total, whole.Total);
            }

            if (time.GetElapsedTime(_reported) >= every)
            {
                _reported = time.GetTimestamp();
                report(Describe_NeedsLock());
            }
        }
    }

    private string Describe_NeedsLock()
    {
        var (current, total) = (_layers.Values.Sum(l => l.Current), _layers.Values.Sum(l => l.Total));
        return string.Create(CultureInfo.InvariantCulture, $"{current / 1048576.0:0.0} of {total / 1048576.0:0.0} MiB in {_layers.Count} layers so far");
    }
}
