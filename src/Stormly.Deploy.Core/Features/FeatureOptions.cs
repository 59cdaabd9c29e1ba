using Stormly.Deploy.Model;

namespace Stormly.Deploy.Features;

/// <summary>How features that a caller leaves out are supplied.</summary>
public sealed class FeatureOptions
{
    /// <summary>Whether facts are detected from the end user's request. Default true. Providers are asked in any case.</summary>
    public bool Detect { get; set; } = true;

    /// <summary>
    /// Names of features beside those that the library knows, each with the fact that such a feature is: one of <see cref="FeatureFacts"/>, a fact of a detector of
    /// yours, or <c>none</c>. Case and everything but letters and digits do not count. Default: none.
    /// </summary>
    public IDictionary<string, string> Names { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The same for one plugin, by its name: there a feature's key (<c>feature_b1c2</c>) counts as well as its name. It wins over <see cref="Names"/> and over what
    /// the library would take the feature for. Default: none.
    /// </summary>
    public IDictionary<string, IDictionary<string, string>> Plugins { get; } = new Dictionary<string, IDictionary<string, string>>(StringComparer.Ordinal);

    /// <summary>
    /// Whether a detected value is sent that is not among the values which the metadata lists for the feature (<c>values</c>). Default false: it is left out, because
    /// the model has never seen it, or knows it by a spelling of which nothing is known here.
    /// </summary>
    public bool SendUnseenValues { get; set; }

    /// <summary>The time zone of day and hour where the end user's is not known, by its IANA name. Default <c>UTC</c>.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>How days of the week are counted in numbers. Default <see cref="DayNumbers.MondayIs0"/>. A feature whose values hold 7 is counted from 1 in any case.</summary>
    public DayNumbers DayNumbers { get; set; } = DayNumbers.MondayIs0;

    /// <summary>Hosts of your own sites: a referrer there, or below them, is <c>internal</c>. The host of the page itself always is. Default: none.</summary>
    public IList<string> OwnHosts { get; } = [];

    /// <summary>How long all providers together may take for one request. Default 200 ms; 1 ms to 30 s.</summary>
    public TimeSpan ProviderTimeout { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>What becomes of a request when a provider is late or fails. Default <see cref="LateProviderAction.GoOn"/>.</summary>
    public LateProviderAction WhenProviderIsLate { get; set; } = LateProviderAction.GoOn;

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(ProviderTimeout)}", ProviderTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(30));
        rules.Require(TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone ?? "", out _), $"{path}:{nameof(TimeZone)}", "be a time zone that this machine knows, e.g. Europe/Amsterdam", $"'{PrintableText.Escape(TimeZone, maxLength: 80)}'");
        rules.Require(Enum.IsDefined(DayNumbers), $"{path}:{nameof(DayNumbers)}", $"be one of {string.Join(", ", Enum.GetNames<DayNumbers>())}", $"{DayNumbers}");
        rules.Require(Enum.IsDefined(WhenProviderIsLate), $"{path}:{nameof(WhenProviderIsLate)}", $"be one of {string.Join(", ", Enum.GetNames<LateProviderAction>())}", $"{WhenProviderIsLate}");
        CheckNames($"{path}:{nameof(Names)}", Names, rules);
        foreach (var (plugin, names) in Plugins)
        {
            var place = $"{path}:{nameof(Plugins)}:{PrintableText.Escape(plugin, maxLength: 80)}";
            rules.Require(PluginName.TryParse(plugin, out _, out _), place, "be the name of a plugin", $"'{PrintableText.Escape(plugin, maxLength: 80)}'");
            CheckNames(place, names, rules);
        }

        for (var i = 0; i < OwnHosts.Count; i++)
        {
            rules.Require(Uri.CheckHostName(OwnHosts[i]) != UriHostNameType.Unknown, $"{path}:{nameof(OwnHosts)}:{i}", "be a host without scheme and path, e.g. shop.example", $"'{PrintableText.Escape(OwnHosts[i], maxLength: 80)}'");
        }
    }

    private static void CheckNames(string path, IDictionary<string, string> names, OptionRules rules)
    {
        foreach (var (name, fact) in names)
        {
            var place = $"{path}:{PrintableText.Escape(name, maxLength: 80)}";
            rules.Require(name.Any(char.IsLetterOrDigit), place, "have a name with letters or digits", $"'{PrintableText.Escape(name, maxLength: 80)}'");
            rules.Require(!string.IsNullOrWhiteSpace(fact), place, "say a fact, e.g. country, or none", $"'{PrintableText.Escape(fact, maxLength: 80)}'");
        }
    }
}
