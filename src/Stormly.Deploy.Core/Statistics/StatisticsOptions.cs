using Stormly.Deploy.Model;

namespace Stormly.Deploy.Statistics;

/// <summary>
/// What is learned of the values of features, and what of it is ever shown or used. Only declared features are counted, never an input that the plugin itself
/// explains; nothing says which values came together, or from whom.
/// </summary>
public sealed class StatisticsOptions
{
    /// <summary>Whether values are learned from requests that a plugin answered well. Default true. Where it is false, what was learned before is deleted at the next start.</summary>
    public bool Learn { get; set; } = true;

    /// <summary>Features that are not learned: a key (<c>feature_acaa2cf5d</c>) for every plugin, or <c>plugin/key</c> for one. Default: none. What was learned of them before is deleted.</summary>
    public ICollection<string> NotLearned { get; } = [];

    /// <summary>How many requests must have held a value before it is shown or used. Default 20, from 1 to 1,000,000.</summary>
    public int MinimumCount { get; set; } = 20;

    /// <summary>
    /// From how many different network addresses of end users a value must have come before it is shown or used, so that one person's value is not. Default 5, from 1 to
    /// 32. A request whose end user is unknown counts as one of its own.
    /// </summary>
    public int MinimumCallers { get; set; } = 5;

    /// <summary>How many rows of the host application must hold a value before it is shown or used. Default 5, from 1 to 1,000,000; 1 for rows that are nobody's.</summary>
    public int MinimumRows { get; set; } = 5;

    /// <summary>How many requests of one plugin are looked at in a second at most. Default 100, from 1 to 100,000. All others pay for reading the clock.</summary>
    public int SamplesPerSecond { get; set; } = 100;

    /// <summary>After so many requests that were looked at, earlier ones count half. Default 100,000, from 1,000 to 10,000,000.</summary>
    public int Window { get; set; } = 100_000;

    /// <summary>How many values of a feature are counted at once. A count is too great by one in so many of all requests at most. Default 64, from 8 to 1024.</summary>
    public int ValuesPerFeature { get; set; } = 64;

    /// <summary>The longest value that is counted, in bytes of JSON. Default 100, from 8 to 1000.</summary>
    public int MaxValueBytes { get; set; } = 100;

    /// <summary>How much memory one plugin's statistics may take, in bytes. Default 16 MiB, from 64 KiB to 1 GiB. Where features are many, fewer values of each are counted.</summary>
    public long MaxBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How many values of a feature become examples. Default 5, from 1 to 50.</summary>
    public int ExamplesShown { get; set; } = 5;

    /// <summary>How often what was learned reaches pages, status checks and defaults, and the disk. Default 1 min, from 1 s to 1 day.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many rows are read at most in one go. Default 100,000, from 1 to 10,000,000.</summary>
    public int MaxRows { get; set; } = 100_000;

    /// <summary>How often <see cref="IFeatureRows"/> are read again. Default 1 day, to 365 days; 0 reads them once, and again when a plugin has other features.</summary>
    public TimeSpan RowsInterval { get; set; } = TimeSpan.FromDays(1);

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(MinimumCount)}", MinimumCount, 1, 1_000_000);
        rules.Between($"{path}:{nameof(MinimumCallers)}", MinimumCallers, 1, 32);
        rules.Between($"{path}:{nameof(MinimumRows)}", MinimumRows, 1, 1_000_000);
        rules.Between($"{path}:{nameof(SamplesPerSecond)}", SamplesPerSecond, 1, 100_000);
        rules.Between($"{path}:{nameof(Window)}", Window, 1_000, 10_000_000);
        rules.Between($"{path}:{nameof(ValuesPerFeature)}", ValuesPerFeature, 8, 1024);
        rules.Between($"{path}:{nameof(MaxValueBytes)}", MaxValueBytes, 8, 1000);
        rules.Between($"{path}:{nameof(MaxBytes)}", MaxBytes, 64 * 1024, 1024 * 1024 * 1024);
        rules.Between($"{path}:{nameof(ExamplesShown)}", ExamplesShown, 1, 50);
        rules.Between($"{path}:{nameof(Interval)}", Interval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        rules.Between($"{path}:{nameof(MaxRows)}", MaxRows, 1, 10_000_000);
        rules.Between($"{path}:{nameof(RowsInterval)}", RowsInterval, TimeSpan.Zero, TimeSpan.FromDays(365));
    }

    internal bool Learns(PluginName plugin, string feature) => Learn && !NotLearned.Contains(feature) && !NotLearned.Contains($"{plugin}/{feature}");
}
