using Microsoft.Extensions.Options;

namespace Stormly.Deploy.Logs;

/// <summary>Checks <see cref="LogOptions"/>.</summary>
internal sealed class LogOptionsValidator : IValidateOptions<LogOptions>
{
    internal const long MinCapBytes = 1L << 20;

    public ValidateOptionsResult Validate(string? name, LogOptions options)
        => options.CapBytes >= MinCapBytes
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"`Logs:CapBytes` must be at least {MinCapBytes} bytes (1 MiB), was: {options.CapBytes}");
}
