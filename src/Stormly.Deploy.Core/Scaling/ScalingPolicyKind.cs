namespace Stormly.Deploy.Scaling;

/// <summary>The rules for the number of instances.</summary>
public enum ScalingPolicyKind
{
    /// <summary>Knative's: averages over a long and a short window, quick in a burst, seconds to rise and about a minute to fall.</summary>
    Knative,

    /// <summary>Ray Serve's: one average, and a change only after it was wanted for a whole delay without interruption. For instances that are dear to start.</summary>
    RayServe,
}
