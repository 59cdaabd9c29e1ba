using Microsoft.Extensions.Options;

namespace Stormly.Deploy.Process.Ports;

/// <summary>Checks <see cref="PortOptions"/>; tells every problem at once.</summary>
internal sealed class PortOptionsValidator : IValidateOptions<PortOptions>
{
    public ValidateOptionsResult Validate(string? name, PortOptions options)
    {
        var problems = FindProblems(options, "Ports").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>All broken rules, each with the path that it was set under.</summary>
    public static IEnumerable<string> FindProblems(PortOptions options, string path)
    {
        if (!Enum.IsDefined(options.Mode))
        {
            yield return $"`{path}:Mode` must be Auto or Fixed, was: {options.Mode}";
        }

        if (options.First is < 1024 or > 65535)
        {
            yield return $"`{path}:First` must be a port from 1024 to 65535, was: {options.First}";
        }

        if (options.Last > 65535 || options.Last < options.First)
        {
            yield return $"`{path}:Last` must be a port from `{path}:First` ({options.First}) to 65535, was: {options.Last}";
        }
    }
}
