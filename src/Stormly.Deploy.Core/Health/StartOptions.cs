using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>How long a started instance may take until it answers its first status check with 200, and how often it is asked meanwhile.</summary>
public sealed class StartOptions
{
    /// <summary>The longest time from the start to the first 200. Default 5 min, from 1 s to 1 day.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The pause before the first status checks. Default 50 ms, from 1 ms to <see cref="SlowestPoll"/>.</summary>
    public TimeSpan FirstPoll { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What the pause grows to. Default 1 s, at most 1 min.</summary>
    public TimeSpan SlowestPoll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a backend that could not be had when the host application started is asked again, at the longest: the wait begins at 250 ms and doubles. Default 5 s,
    /// from 100 ms to 10 min.
    /// </summary>
    public TimeSpan BackendPoll { get; set; } = TimeSpan.FromSeconds(5);

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(Deadline)}", Deadline, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        rules.Between($"{path}:{nameof(SlowestPoll)}", SlowestPoll, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        rules.Between($"{path}:{nameof(BackendPoll)}", BackendPoll, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        rules.Between($"{path}:{nameof(FirstPoll)}", FirstPoll, TimeSpan.FromMilliseconds(1), SlowestPoll);
    }
}
