using Stormly.Deploy.Model;

namespace Stormly.Deploy;

/// <summary>A request to a plugin was not answered.</summary>
public sealed class PluginCallException : PluginDeploymentException
{
    /// <summary>Makes an error from a response.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="response">The response that is no answer; may be disposed afterwards.</param>
    public PluginCallException(string plugin, PluginResponse response)
        : base(Describe(plugin, response))
    {
        Outcome = response.Outcome;
        Problem = response.Problem!;
        RetryAfter = response.RetryAfter;
        PluginStatusCode = response.PluginStatusCode;
    }

    /// <summary>How it ended.</summary>
    public PluginOutcome Outcome { get; }

    /// <summary>Why there is no answer.</summary>
    public PluginProblem Problem { get; }

    /// <summary>When trying again makes sense; null where nobody knows.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The status code that the plugin answered with; null where it did not answer or was not called.</summary>
    public int? PluginStatusCode { get; }

    private static string Describe(string plugin, PluginResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (response.Problem is not { } problem)
        {
            throw new ArgumentException("This response is an answer.", nameof(response));
        }

        var head = $"Plugin '{PrintableText.Escape(plugin, maxLength: 100)}': {problem.Title} {problem.Detail}";
        return problem.Problems.IsEmpty ? head : head + Environment.NewLine + string.Join(Environment.NewLine, problem.Problems);
    }
}
