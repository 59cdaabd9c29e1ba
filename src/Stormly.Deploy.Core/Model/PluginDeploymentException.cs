namespace Stormly.Deploy.Model;

/// <summary>The base of every error of this library: what failed, for which plugin and instance, what was seen, and what to try next.</summary>
public class PluginDeploymentException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="message">What failed, what was seen, what to try.</param>
    public PluginDeploymentException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error that another one caused.</summary>
    /// <param name="message">What failed, what was seen, what to try.</param>
    /// <param name="inner">The cause.</param>
    public PluginDeploymentException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
