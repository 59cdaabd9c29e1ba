namespace Stormly.Deploy;

/// <summary>How a request to a plugin ended. <see cref="PluginOutcomeExtensions.ToStatusCode"/> turns it into an HTTP status code.</summary>
public enum PluginOutcome
{
    /// <summary>The plugin answered 200 with a JSON object or array.</summary>
    Ok,

    /// <summary>The request breaks the plugin's rules: every problem is listed, and the plugin was not called.</summary>
    InvalidRequest,

    /// <summary>The request's body is larger than allowed; the plugin was not called.</summary>
    RequestTooLarge,

    /// <summary>There is no such plugin.</summary>
    UnknownPlugin,

    /// <summary>All instances are busy, and the queue is full or the wait in it was too long.</summary>
    Overloaded,

    /// <summary>No instance is ready.</summary>
    Unavailable,

    /// <summary>The plugin's fault: any code but 200, no JSON, too large an answer, or a lost connection.</summary>
    PluginError,

    /// <summary>The plugin did not answer in time.</summary>
    Timeout,

    /// <summary>The caller gave up.</summary>
    Cancelled,
}
