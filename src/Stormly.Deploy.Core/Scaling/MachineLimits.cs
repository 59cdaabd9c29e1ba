using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>
/// What all deployments of a host application may use of its machine together. Within that they get fair shares: each its least number first, then those that
/// have requests one instance after the other, then the idle ones. Without a limit nothing is shared out. A deploy whose least number does not fit is refused.
/// </summary>
public sealed class MachineLimits
{
    /// <summary>How many instances may live at once, those that start, are exchanged or stop included. Default null: any number; from 1 to 100,000.</summary>
    public int? MaxInstances { get; set; }

    /// <summary>
    /// How much memory they may use, in bytes, by what each plugin declares for one instance; nothing is measured. Default null: any; from 1 MiB on. With it,
    /// every plugin must declare its part.
    /// </summary>
    public long? MemoryBytes { get; set; }

    /// <summary>
    /// How long a deployment without a request keeps instances that another one waits for. Default 2 s, our own choice; 1 s, which is how often all are looked at, to 1 day. Less would
    /// take instances away between two requests, and the machine would do nothing but start them.
    /// </summary>
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a deployment keeps its only instance although another one has requests and none at all: where more deployments are busy than instances may live,
    /// they take turns. Default 1 min, our own choice; 1 s to 1 day.
    /// </summary>
    public TimeSpan Turn { get; set; } = TimeSpan.FromMinutes(1);

    internal bool Any => MaxInstances is not null || MemoryBytes is not null;

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(MaxInstances)}", MaxInstances ?? 1, 1, 100_000);
        rules.Between($"{path}:{nameof(MemoryBytes)}", MemoryBytes ?? long.MaxValue, 1 << 20, long.MaxValue);
        rules.Between($"{path}:{nameof(IdleAfter)}", IdleAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        rules.Between($"{path}:{nameof(Turn)}", Turn, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
    }
}
