namespace Stormly.Deploy.Rollout;

/// <summary>On how many instances a canary runs.</summary>
internal static class CanarySize
{
    /// <summary>max(1, round(share × wanted)), as far as the backend can run that many beside the wanted ones; none while none is wanted.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    /// <param name="wanted">The wanted number of the revision that serves.</param>
    /// <param name="ceiling">How many the backend can run at once.</param>
    /// <returns>The number.</returns>
    public static int Of(double share, int wanted, int ceiling)
        => wanted == 0 ? 0 : Math.Max(0, Math.Min(ceiling - wanted, Math.Max(1, (int)Math.Round(share * wanted, MidpointRounding.AwayFromZero))));
}
