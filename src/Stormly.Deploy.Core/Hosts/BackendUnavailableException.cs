using Stormly.Deploy.Model;

namespace Stormly.Deploy.Hosts;

/// <summary>A backend cannot work on this machine or at this moment. The message lists what was tried and what to do.</summary>
public sealed class BackendUnavailableException : PluginDeploymentException
{
    /// <summary>Makes an error.</summary>
    /// <param name="message">What was tried, what was seen, what to do.</param>
    public BackendUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error that another one caused.</summary>
    /// <param name="message">What was tried, what was seen, what to do.</param>
    /// <param name="inner">The cause.</param>
    public BackendUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
