using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <summary>Recordings that deployments make where <see cref="RecordingOptions.Enabled"/> says so.</summary>
public static class RecordedRun
{
    /// <summary>
    /// Feeds what a deployment learned to this version's control logic, by the recorded clock, and says whether it decides the same. Nothing is started, and no
    /// state is read or written.
    /// </summary>
    /// <param name="path">The recording.</param>
    /// <returns>The decisions, and the first difference.</returns>
    /// <exception cref="PluginDeploymentException">The file cannot be read, is no recording, or is of a newer version.</exception>
    public static ReplayReport Replay(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var recording = RecordingReader.Open(path);
        var report = RunReplay.Run(recording.Begin, recording.ReadSteps());
        return report with { Ended = recording.Ended };
    }
}
