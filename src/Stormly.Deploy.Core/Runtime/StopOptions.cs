using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>How an instance is taken away: first it finishes its requests, then it is asked to end, then it is ended.</summary>
public sealed class StopOptions
{
    /// <summary>How long requests that an instance is answering may take to finish. Default 30 s, from 0 to 1 day.</summary>
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an instance that was asked to end may take before it is ended by force. Default 10 s, from 0 to 1 h.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(Drain)}", Drain, TimeSpan.Zero, TimeSpan.FromDays(1));
        rules.Between($"{path}:{nameof(Grace)}", Grace, TimeSpan.Zero, TimeSpan.FromHours(1));
    }
}
