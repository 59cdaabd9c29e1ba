using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>How ready instances are watched through their status path.</summary>
public sealed class StatusCheckOptions
{
    /// <summary>The time between two checks of an instance. Default 10 s, from 100 ms to 1 h.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time for one check. Default 5 s, from 10 ms to 5 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After how many checks in a row without any answer an instance is replaced. Default 3, from 1 to 100.</summary>
    public int Misses { get; set; } = 3;

    /// <summary>After how many answers in a row with another code than 200 an instance is replaced. Default 1 (the contract's "at once"), to 100.</summary>
    public int BadAnswers { get; set; } = 1;

    /// <summary>
    /// By how much a check may begin or end late before its failure is laid to a paused or starved host application instead of the instance,
    /// and the check is repeated. Default 2 s, from 10 ms to 5 min.
    /// </summary>
    public TimeSpan Tolerance { get; set; } = TimeSpan.FromSeconds(2);

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(Interval)}", Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        rules.Between($"{path}:{nameof(Timeout)}", Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5));
        rules.Between($"{path}:{nameof(Misses)}", Misses, 1, 100);
        rules.Between($"{path}:{nameof(BadAnswers)}", BadAnswers, 1, 100);
        rules.Between($"{path}:{nameof(Tolerance)}", Tolerance, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5));
    }
}
