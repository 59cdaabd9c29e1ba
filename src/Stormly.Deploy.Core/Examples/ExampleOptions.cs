using Stormly.Deploy.Model;

namespace Stormly.Deploy.Examples;

/// <summary>
/// How the examples of explanations are run against the plugins themselves, by real requests to <c>requestPath</c>. They count neither as traffic nor as demand, teach
/// nothing about features, and are sent to no plugin whose requests wait.
/// </summary>
public sealed class ExampleOptions
{
    /// <summary>
    /// What is done before a revision that has not served before gets its first request: the examples of required inputs are run against an instance that is ready and not
    /// routed yet. Default <see cref="ExampleCheck.Warn"/>.
    /// </summary>
    public ExampleCheck BeforePromotion { get; set; } = ExampleCheck.Warn;

    /// <summary>The same for single plugins, by their names. Default: none.</summary>
    public IDictionary<string, ExampleCheck> Plugins { get; } = new Dictionary<string, ExampleCheck>(StringComparer.Ordinal);

    /// <summary>How many requests are made before a promotion at most; every tab's first examples come first. Default 10, from 1 to 100.</summary>
    public int PromotionRequests { get; set; } = 10;

    /// <summary>How long they may take together; what was not run by then does not count. Default 30 s, from <see cref="RequestTimeout"/> to 10 min.</summary>
    public TimeSpan PromotionTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one may take. Default 10 s, from 10 ms to 10 min.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether all examples are run against what serves after each rollout, one after the other in the background. Default true.</summary>
    public bool InBackground { get; set; } = true;

    /// <summary>How often that is repeated. Default 1 day, to 365 days; 0: never.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many examples of a revision are run at most. Default 200, from 1 to 2000.</summary>
    public int MaxExamples { get; set; } = 200;

    internal void Check(string path, OptionRules rules)
    {
        rules.Require(Enum.IsDefined(BeforePromotion), $"{path}:{nameof(BeforePromotion)}", $"be one of {string.Join(", ", Enum.GetNames<ExampleCheck>())}", BeforePromotion.ToString());
        foreach (var (plugin, check) in Plugins)
        {
            rules.Require(Enum.IsDefined(check), $"{path}:{nameof(Plugins)}:{PrintableText.Escape(plugin, maxLength: 100)}", $"be one of {string.Join(", ", Enum.GetNames<ExampleCheck>())}", check.ToString());
        }

        rules.Between($"{path}:{nameof(PromotionRequests)}", PromotionRequests, 1, 100);
        rules.Between($"{path}:{nameof(RequestTimeout)}", RequestTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        rules.Between($"{path}:{nameof(PromotionTime)}", PromotionTime, RequestTimeout, TimeSpan.FromMinutes(10));
        rules.Between($"{path}:{nameof(Interval)}", Interval, TimeSpan.Zero, TimeSpan.FromDays(365));
        rules.Between($"{path}:{nameof(MaxExamples)}", MaxExamples, 1, 2000);
    }
}
