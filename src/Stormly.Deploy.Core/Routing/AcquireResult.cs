namespace Stormly.Deploy.Routing;

/// <summary>What came of asking for an instance: a lease, or the reason why there is none.</summary>
internal readonly record struct AcquireResult
{
    /// <summary>The claimed instance, to be disposed by the one who asked; null where it was refused.</summary>
    public InstanceLease? Lease { get; private init; }

    /// <summary>Why there is no lease; meaningless where there is one.</summary>
    public AcquireRefusal Refusal { get; private init; }

    /// <summary>The reason in words that may be shown to a caller.</summary>
    public string Reason { get; private init; }

    /// <summary>When trying again makes sense; null where nobody knows.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static AcquireResult Granted(InstanceLease lease) => new() { Lease = lease, Reason = "" };

    public static AcquireResult Refused(AcquireRefusal refusal, string reason, TimeSpan? retryAfter = null)
        => new() { Refusal = refusal, Reason = reason, RetryAfter = retryAfter };
}
