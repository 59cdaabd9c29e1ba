using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>
/// When live traffic alone takes an instance out of routing although its status checks are good ("half-alive").
/// The rule is Envoy's outlier detection with YARP's minimum, cut to deployments of a few instances.
/// </summary>
public sealed class OutlierOptions
{
    /// <summary>Failures in a row that eject. Default 5 (Envoy's consecutive_5xx); 1 or more.</summary>
    public int ConsecutiveFailures { get; set; } = 5;

    /// <summary>Share of failed requests within <see cref="Window"/> that ejects. Default 0.5; above 0, at most 1.</summary>
    public double FailureRate { get; set; } = 0.5;

    /// <summary>Requests within <see cref="Window"/> below which the rate says nothing. Default 10; 1 or more.</summary>
    public int MinimumRequests { get; set; } = 10;

    /// <summary>How far back the rate looks. Default 30 s; 1 s to 1 h.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the first ejection lasts; the n-th lasts n times as long. Default 30 s; 1 ms to 1 day.</summary>
    public TimeSpan BaseEjection { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The ejection that replaces the instance instead of waiting again. Default 3: out, out again, replaced. 1 to 1000. The last one that takes requests
    /// is never ejected; it is replaced when it stays faulty for as long as all ejections before would have lasted (90 s by default).
    /// </summary>
    public int ReplaceAtEjection { get; set; } = 3;

    /// <summary>After how long without another ejection earlier ones are forgotten. Default 10 min, as for the restart back-off; 1 s to 30 days.</summary>
    public TimeSpan ForgottenAfter { get; set; } = TimeSpan.FromMinutes(10);

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(ConsecutiveFailures)}", ConsecutiveFailures, 1, int.MaxValue);
        rules.Require(FailureRate is > 0 and <= 1, $"{path}:{nameof(FailureRate)}", "be above 0 and at most 1", FailureRate.ToString(CultureInfo.InvariantCulture));
        rules.Between($"{path}:{nameof(MinimumRequests)}", MinimumRequests, 1, int.MaxValue);
        rules.Between($"{path}:{nameof(Window)}", Window, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        rules.Between($"{path}:{nameof(BaseEjection)}", BaseEjection, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        rules.Between($"{path}:{nameof(ReplaceAtEjection)}", ReplaceAtEjection, 1, 1000);
        rules.Between($"{path}:{nameof(ForgottenAfter)}", ForgottenAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
    }
}
