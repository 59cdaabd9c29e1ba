namespace Stormly.Deploy.Routing;

/// <summary>How a call to an instance ended.</summary>
public enum CallResult
{
    /// <summary>A whole HTTP answer came, with whatever code.</summary>
    Answered,

    /// <summary>No connection: not a byte of the request was sent.</summary>
    NotConnected,

    /// <summary>The connection was lost, or the answer was cut short.</summary>
    ConnectionLost,

    /// <summary>What came is not HTTP/1.1.</summary>
    NotHttp,

    /// <summary>The answer is larger than allowed.</summary>
    TooLarge,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>Our own caller gave up.</summary>
    Cancelled,
}
