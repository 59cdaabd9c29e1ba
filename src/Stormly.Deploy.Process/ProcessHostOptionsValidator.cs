using Microsoft.Extensions.Options;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Ports;

namespace Stormly.Deploy.Process;

/// <summary>Checks <see cref="ProcessHostOptions"/>; tells every problem at once.</summary>
internal sealed class ProcessHostOptionsValidator : IValidateOptions<ProcessHostOptions>
{
    private const int MaxTail = 16 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, ProcessHostOptions options)
    {
        var problems = FindProblems(options).Concat(PortOptionsValidator.FindProblems(options.Ports, "Process:Ports")).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> FindProblems(ProcessHostOptions options)
    {
        if (!Path.IsPathFullyQualified(options.Shell ?? ""))
        {
            yield return $"`Process:Shell` must be an absolute path, was: '{PrintableText.Escape(options.Shell)}'";
        }

        foreach (var entry in options.AllowedEnvironment)
        {
            if (string.IsNullOrEmpty(entry) || entry == "*" || entry.AsSpan().IndexOfAny('=', '\0') >= 0 || entry[..^1].Contains('*', StringComparison.Ordinal))
            {
                yield return $"`Process:AllowedEnvironment` must hold names, or beginnings of names with one '*' at their end, was: '{PrintableText.Escape(entry)}'";
            }
        }

        if (options.OutputTailBytes is < 1024 or > MaxTail)
        {
            yield return $"`Process:OutputTailBytes` must be from 1024 to {MaxTail}, was: {options.OutputTailBytes}";
        }

        if (options.OutOfMemoryScore is < 0 or > 1000)
        {
            yield return $"`Process:OutOfMemoryScore` must be from 0 to 1000, was: {options.OutOfMemoryScore}";
        }

        if (options.OpenFiles is < 64)
        {
            yield return $"`Process:OpenFiles` must be 64 or more, was: {options.OpenFiles}";
        }

        if (options.DisposeGrace < TimeSpan.Zero || options.DisposeGrace > TimeSpan.FromHours(1))
        {
            yield return $"`Process:DisposeGrace` must be from 0 to 1 hour, was: {options.DisposeGrace}";
        }
    }
}
