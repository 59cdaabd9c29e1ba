using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>How instances are exchanged: for a new revision, and for one that is sick.</summary>
public sealed class RolloutOptions
{
    /// <summary>How many instances may run beyond the wanted number while others are exchanged. Default 1, from 0 to 100; not 0 together with <see cref="MaxUnavailable"/> 0.</summary>
    public int MaxSurge { get; set; } = 1;

    /// <summary>How many of the wanted number may be missing while a new revision comes in. Default 0, to 100.</summary>
    public int MaxUnavailable { get; set; }

    /// <summary>
    /// How long a new instance must have been ready, and its next status check good, before it counts for the exchange: until then it takes requests,
    /// but nobody leaves because of it, and its failure is a failed start. Default 0, to 1 day.
    /// </summary>
    public TimeSpan MinReadyTime { get; set; }

    /// <summary>How long a rollout may go on beyond the start deadline and <see cref="MinReadyTime"/> without a further instance becoming ready before it is given up. Default 1 min, to 1 day.</summary>
    public TimeSpan ProgressSlack { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many revisions of a plugin are kept on disk. Default 5, from 1 to 1000; what serves or is wanted is never removed.</summary>
    public int RevisionsKept { get; set; } = 5;

    /// <summary>
    /// How often a rollout that the host application died over is taken up again by its next starts, because it may be the revision that ends it; after that it is held. A planned
    /// end does not count. Default 3, from 0 to 100; 0 takes up only what a planned end cut short.
    /// </summary>
    public int Resumes { get; set; } = 3;

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(MaxSurge)}", MaxSurge, 0, 100);
        rules.Between($"{path}:{nameof(MaxUnavailable)}", MaxUnavailable, 0, 100);
        rules.Require(MaxSurge + MaxUnavailable > 0, $"{path}:{nameof(MaxSurge)}", $"be at least 1 where {path}:{nameof(MaxUnavailable)} is 0", "0");
        rules.Between($"{path}:{nameof(MinReadyTime)}", MinReadyTime, TimeSpan.Zero, TimeSpan.FromDays(1));
        rules.Between($"{path}:{nameof(ProgressSlack)}", ProgressSlack, TimeSpan.Zero, TimeSpan.FromDays(1));
        rules.Between($"{path}:{nameof(RevisionsKept)}", RevisionsKept, 1, 1000);
        rules.Between($"{path}:{nameof(Resumes)}", Resumes, 0, 100);
    }
}
