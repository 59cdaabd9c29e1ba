using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>How long the next start waits after instances failed: the first follows at once, the others wait ever longer.</summary>
public sealed class BackOffOptions
{
    /// <summary>The wait after the second failure; it doubles with every further one. Default 1 s, from 1 ms to <see cref="Longest"/>.</summary>
    public TimeSpan First { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What the wait grows to. Default 5 min, at most 1 day.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>After how much good service earlier failures are forgotten. Default 10 min, from 1 s to 1 day.</summary>
    public TimeSpan ForgottenAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// After how many failed starts in a row a revision that never served is given up. Default 3, from 1 to 100. A revision that has served
    /// is never given up: its starts go on, <see cref="Longest"/> apart.
    /// </summary>
    public int CrashLoopLimit { get; set; } = 3;

    /// <summary>How often a start is repeated on another port because a stranger held the first, before that counts as a failure. Default 3, from 0 to 20.</summary>
    public int PortAttempts { get; set; } = 3;

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(Longest)}", Longest, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        rules.Between($"{path}:{nameof(First)}", First, TimeSpan.FromMilliseconds(1), Longest);
        rules.Between($"{path}:{nameof(ForgottenAfter)}", ForgottenAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        rules.Between($"{path}:{nameof(CrashLoopLimit)}", CrashLoopLimit, 1, 100);
        rules.Between($"{path}:{nameof(PortAttempts)}", PortAttempts, 0, 20);
    }
}
