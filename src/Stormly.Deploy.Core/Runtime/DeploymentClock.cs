namespace Stormly.Deploy.Runtime;

/// <summary>Both clocks of one controller.</summary>
internal sealed class DeploymentClock(TimeProvider time)
{
    private readonly long _begun = time.GetTimestamp();

    public Moment Now => new(time.GetElapsedTime(_begun), time.GetUtcNow());
}
