using Microsoft.Extensions.Options;

namespace Stormly.Deploy.Geo;

/// <summary>Checks <see cref="GeoDatabaseOptions"/> when the host application starts.</summary>
internal sealed class GeoDatabaseOptionsValidator : IValidateOptions<GeoDatabaseOptions>
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Greatest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, GeoDatabaseOptions options)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Path) || options.Path.Contains('\0', StringComparison.Ordinal))
        {
            problems.Add($"{nameof(options.Path)} must be a path, was: '{options.Path}'");
        }

        if (options.CheckInterval < Least || options.CheckInterval > Greatest)
        {
            problems.Add($"{nameof(options.CheckInterval)} must be from {Least:c} to {Greatest:c}, was: {options.CheckInterval:c}");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
