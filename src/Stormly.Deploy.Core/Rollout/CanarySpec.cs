using System.Collections.Immutable;
using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>How much of the traffic a canary gets, and who decides what becomes of it.</summary>
public sealed record CanarySpec
{
    /// <summary>
    /// How much of the traffic it gets, in percent. Default 10, from 0.1 to 99.9. It runs on max(1, round(share × wanted instances)) instances, which
    /// come in addition to those of the revision that serves, as far as the backend can run that many.
    /// </summary>
    public double SharePercent { get; init; } = 10;

    /// <summary>Keys (<see cref="PluginCallContext.CanaryKey"/>) that always get the canary, for example those of testers. Default none; at most 10 000, each of 1 to 256 characters.</summary>
    public ImmutableArray<string> Keys { get; init; } = [];

    /// <summary>By what rule it is promoted or aborted by itself; null leaves that to people. Default null.</summary>
    public CanaryRule? Rule { get; init; }

    internal double Share => SharePercent / 100;

    internal void Check(string path, OptionRules rules)
    {
        rules.Require(SharePercent is >= 0.1 and <= 99.9, $"{path}:{nameof(SharePercent)}", "be from 0.1 to 99.9", SharePercent.ToString(CultureInfo.InvariantCulture));
        rules.Require(!Keys.IsDefault && Keys.Length <= 10_000, $"{path}:{nameof(Keys)}", "hold at most 10000 keys", Keys.IsDefault ? "nothing" : Keys.Length.ToString(CultureInfo.InvariantCulture));
        rules.Require(Keys.IsDefault || Keys.All(k => k is { Length: >= 1 and <= 256 }), $"{path}:{nameof(Keys)}", "hold keys of 1 to 256 characters", "another length");
        Rule?.Check($"{path}:{nameof(Rule)}", rules);
    }
}
