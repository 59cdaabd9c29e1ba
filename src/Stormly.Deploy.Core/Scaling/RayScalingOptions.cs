using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>The numbers of <see cref="ScalingPolicyKind.RayServe"/>, with Ray Serve's defaults; the aim is <see cref="ScalingOptions.TargetInFlight"/> (2 there).</summary>
public sealed class RayScalingOptions
{
    /// <summary>Over how long demand is averaged. Default 30 s; 1 s to 1 h.</summary>
    public TimeSpan LookBack { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long more must have been wanted, tick after tick, before the number rises. Default 30 s; 0 to 1 day. The first instance never waits.</summary>
    public TimeSpan UpDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long fewer must have been wanted, tick after tick, before the number falls. Default 600 s; 0 to 1 day.</summary>
    public TimeSpan DownDelay { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>The same for the step from one to none, before <see cref="ScalingOptions.ScaleToZeroGrace"/> begins. Default null: <see cref="DownDelay"/>; 0 to 1 day.</summary>
    public TimeSpan? DownToZeroDelay { get; set; }

    /// <summary>Which part of the difference one step up makes good. Default 1; above 0, to 100.</summary>
    public double UpFactor { get; set; } = 1;

    /// <summary>Which part of the difference one step down makes good, one instance at least. Default 1; above 0, to 100.</summary>
    public double DownFactor { get; set; } = 1;

    internal void Check(string path, OptionRules rules)
    {
        var day = TimeSpan.FromDays(1);
        rules.Between($"{path}:{nameof(LookBack)}", LookBack, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        rules.Between($"{path}:{nameof(UpDelay)}", UpDelay, TimeSpan.Zero, day);
        rules.Between($"{path}:{nameof(DownDelay)}", DownDelay, TimeSpan.Zero, day);
        rules.Between($"{path}:{nameof(DownToZeroDelay)}", DownToZeroDelay ?? TimeSpan.Zero, TimeSpan.Zero, day);
        rules.Require(UpFactor is > 0 and <= 100, $"{path}:{nameof(UpFactor)}", "be above 0 and at most 100", UpFactor.ToString(CultureInfo.InvariantCulture));
        rules.Require(DownFactor is > 0 and <= 100, $"{path}:{nameof(DownFactor)}", "be above 0 and at most 100", DownFactor.ToString(CultureInfo.InvariantCulture));
    }
}
