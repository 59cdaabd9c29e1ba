using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>
/// How the number of instances follows the load where a plugin has a <see cref="ScaleRange"/>; a fixed number is never touched. The rule and its numbers
/// are those of Knative's autoscaler unless a member says otherwise.
/// </summary>
public sealed class ScalingOptions
{
    /// <summary>The rule. Default Knative's.</summary>
    public ScalingPolicyKind Policy { get; set; }

    /// <summary>
    /// How many requests, running and waiting, one instance should have on average: what scaling aims at, not a limit. Where an instance takes fewer at
    /// once (<c>MaxRequestsPerInstance</c>), that number is the aim. Default 4; above 0, to 100,000.
    /// </summary>
    public double TargetInFlight { get; set; } = 4;

    /// <summary>How often the number is reconsidered. Default 2 s; 1 s to 1 min.</summary>
    public TimeSpan Tick { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Over how long demand is averaged in quiet times. Default 60 s; 6 s to 1 h.</summary>
    public TimeSpan StableWindow { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Over how long it is averaged to notice a burst, in percent of <see cref="StableWindow"/>. Default 10, so 6 s; 1 to 100.</summary>
    public double PanicWindowPercentage { get; set; } = 10;

    /// <summary>
    /// From which load on the burst counts: instances that the burst's average asks for, in percent of those that are ready. While it lasts, and for one
    /// <see cref="StableWindow"/> after, the number only rises. Default 200; 110 to 1000.
    /// </summary>
    public double PanicThresholdPercentage { get; set; } = 200;

    /// <summary>By what factor of the ready instances the number may rise in one tick. Default 1000; above 1, to 1,000,000.</summary>
    public double MaxScaleUpRate { get; set; } = 1000;

    /// <summary>By what divisor of the ready instances the number may fall in one tick. Default 2; above 1, to 1,000,000. Without any traffic there is no such limit.</summary>
    public double MaxScaleDownRate { get; set; } = 2;

    /// <summary>
    /// For how long the number must have been too great before it falls: the greatest answer of that time counts. Default 30 s (Knative: 0), because a start
    /// costs more here than an idle instance, and load that flutters around a threshold must not start and stop instances all the time; 0 to 1 h.
    /// </summary>
    public TimeSpan ScaleDownDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the last instance stays after the rule wants none. Default 30 s; 0 to 1 day.</summary>
    public TimeSpan ScaleToZeroGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The numbers that only <see cref="ScalingPolicyKind.RayServe"/> has.</summary>
    public RayScalingOptions Ray { get; set; } = new();

    /// <summary>How many seconds <see cref="PanicWindowPercentage"/> comes to.</summary>
    internal int PanicSeconds => Math.Max(1, (int)Math.Ceiling(StableWindow.TotalSeconds * PanicWindowPercentage / 100));

    internal int StableSeconds => (int)Math.Ceiling(StableWindow.TotalSeconds);

    internal void Check(string path, OptionRules rules)
    {
        rules.Require(Enum.IsDefined(Policy), $"{path}:{nameof(Policy)}", "be Knative or RayServe", Policy.ToString());
        Above(rules, $"{path}:{nameof(TargetInFlight)}", TargetInFlight, 0, 100_000);
        rules.Between($"{path}:{nameof(Tick)}", Tick, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        rules.Between($"{path}:{nameof(StableWindow)}", StableWindow, TimeSpan.FromSeconds(6), TimeSpan.FromHours(1));
        Between(rules, $"{path}:{nameof(PanicWindowPercentage)}", PanicWindowPercentage, 1, 100);
        Between(rules, $"{path}:{nameof(PanicThresholdPercentage)}", PanicThresholdPercentage, 110, 1000);
        Above(rules, $"{path}:{nameof(MaxScaleUpRate)}", MaxScaleUpRate, 1, 1_000_000);
        Above(rules, $"{path}:{nameof(MaxScaleDownRate)}", MaxScaleDownRate, 1, 1_000_000);
        rules.Between($"{path}:{nameof(ScaleDownDelay)}", ScaleDownDelay, TimeSpan.Zero, TimeSpan.FromHours(1));
        rules.Between($"{path}:{nameof(ScaleToZeroGrace)}", ScaleToZeroGrace, TimeSpan.Zero, TimeSpan.FromDays(1));
        Ray.Check($"{path}:{nameof(Ray)}", rules);
    }

    private static void Above(OptionRules rules, string path, double value, double bound, double most)
        => rules.Require(value > bound && value <= most, path, string.Create(CultureInfo.InvariantCulture, $"be above {bound} and at most {most}"), Text(value));

    private static void Between(OptionRules rules, string path, double value, double least, double most)
        => rules.Require(value >= least && value <= most, path, string.Create(CultureInfo.InvariantCulture, $"be from {least} to {most}"), Text(value));

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
