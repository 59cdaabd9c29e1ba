using System.Globalization;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>Checks <see cref="RoutingOptions"/> and reports every problem at once.</summary>
internal sealed class RoutingOptionsValidator : IValidateOptions<RoutingOptions>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, RoutingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        Between(problems, nameof(options.RequestTimeout), options.RequestTimeout, TimeSpan.FromMilliseconds(10), Day);
        Between(problems, nameof(options.MaxResponseBytes), options.MaxResponseBytes, 1, 1 << 30);
        Between(problems, nameof(options.QueueLength), options.QueueLength, 0, 100_000);
        Between(problems, nameof(options.QueueTimeout), options.QueueTimeout, TimeSpan.Zero, Day);
        Between(problems, nameof(options.ColdStartTimeout), options.ColdStartTimeout, TimeSpan.Zero, Day);
        Between(problems, nameof(options.MaxRequestsPerInstance), options.MaxRequestsPerInstance, 1, 100_000);
        Between(problems, nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMilliseconds(1), Hour);
        Between(problems, nameof(options.ConnectRetries), options.ConnectRetries, 0, 10);
        Between(problems, nameof(options.ConnectRetryWait), options.ConnectRetryWait, TimeSpan.Zero, Hour);
        for (var i = 0; i < options.IdempotentPlugins.Count; i++)
        {
            if (!PluginName.TryParse(options.IdempotentPlugins[i], out _, out _))
            {
                problems.Add($"`Routing:{nameof(options.IdempotentPlugins)}:{i}` must be a plugin's name, was: {options.IdempotentPlugins[i]}");
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Between<T>(List<string> problems, string path, T value, T least, T greatest)
        where T : IComparable<T>, IFormattable
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(greatest) > 0)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"`Routing:{path}` must be from {least} to {greatest}, was: {value}"));
        }
    }
}
