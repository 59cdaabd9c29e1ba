using Stormly.Deploy.Model;

namespace Stormly.Deploy.Following;

/// <summary>Whether and how a deployment follows the folder that it comes from: what changes there is deployed by itself.</summary>
public sealed class FollowOptions
{
    /// <summary>Whether it does. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long nothing in the folder may have changed before it is read. Default 2 s, from 100 ms to 1 h.</summary>
    public TimeSpan Quiet { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How often the folder is looked at in any case, because not every file system tells of changes: names, sizes and times first, contents only where these
    /// differ. Default 30 s, from 1 s to 1 day.
    /// </summary>
    public TimeSpan ScanInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a folder may go on changing before that is reported. Nothing of it is deployed meanwhile. Default 10 min, from <see cref="Quiet"/> to 1 day.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(10);

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(Quiet)}", Quiet, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        rules.Between($"{path}:{nameof(ScanInterval)}", ScanInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        rules.Between($"{path}:{nameof(Patience)}", Patience, TimeSpan.Zero, TimeSpan.FromDays(1));
        rules.Require(Patience >= Quiet, $"{path}:{nameof(Patience)}", $"be at least {path}:{nameof(Quiet)}", Patience.ToString("c"));
    }
}
