using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Recordings of what each deployment learned and decided, for <see cref="RecordedRun.Replay"/> and <c>stormly replay</c>: they show why something happened,
/// and whether another version of the library would decide otherwise. They hold addresses, what plugins wrote last, and no request.
/// </summary>
public sealed class RecordingOptions
{
    /// <summary>Whether every deployment is recorded from its start on, into a file of <c>recordings</c> in the state folder. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>How large one recording may become; it ends there and says so. Default 16 MiB, from 64 KiB to 4 GiB.</summary>
    public long MaxBytes { get; set; } = 16 << 20;

    /// <summary>How many recordings of one deployment are kept, the newest ones. Default 5, from 1 to 1000.</summary>
    public int Kept { get; set; } = 5;

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(MaxBytes)}", MaxBytes, 64 << 10, 4L << 30);
        rules.Between($"{path}:{nameof(Kept)}", Kept, 1, 1000);
    }
}
