using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>A plugin cannot be deployed because of what its stages, manifest or folder say. Carries every problem, not only the first.</summary>
public sealed class PluginSpecException : PluginDeploymentException
{
    /// <summary>Makes an error from all problems that were found.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="problems">All problems, warnings included.</param>
    public PluginSpecException(string plugin, IEnumerable<SpecProblem> problems)
        : this(plugin, problems.ToImmutableArray())
    {
    }

    private PluginSpecException(string plugin, ImmutableArray<SpecProblem> problems)
        : base($"Plugin '{plugin}' cannot be deployed:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(p => "  " + p))}")
        => Problems = problems;

    /// <summary>Every problem, in the order of the documents.</summary>
    public ImmutableArray<SpecProblem> Problems { get; }
}
