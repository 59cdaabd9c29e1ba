using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Docker.Engine;
using Stormly.Deploy.Docker.Images;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker;

/// <summary>Checks <see cref="DockerHostOptions"/>; tells every problem at once.</summary>
internal sealed class DockerHostOptionsValidator : IValidateOptions<DockerHostOptions>
{
    private const int MaxTail = 16 * 1024 * 1024;
    private const long Mebibyte = 1 << 20;

    public ValidateOptionsResult Validate(string? name, DockerHostOptions options)
    {
        var problems = FindTextProblems(options).Concat(FindPortProblems(options)).Concat(FindSizeProblems(options)).Concat(FindTimeProblems(options))
            .Concat(RegistryRules.FindProblems(options.Registries))
            .Concat(options.Plugins.SelectMany(p => FindPluginProblems(p.Key, p.Value))).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> FindTextProblems(DockerHostOptions options)
    {
        if (options.Endpoint is not null && EngineEndpoint.Parse(options.Endpoint) is null)
        {
            yield return $"`Docker:Endpoint` must be unix:///path, npipe://./pipe/name or tcp://host:port, was: '{PrintableText.Escape(options.Endpoint)}'";
        }

        if (options.Image is not null && string.IsNullOrWhiteSpace(options.Image))
        {
            yield return "`Docker:Image` must name an image or be left out, was empty";
        }

        if (options.Shell is not ['/', ..])
        {
            yield return $"`Docker:Shell` must be an absolute path inside the image, was: '{PrintableText.Escape(options.Shell)}'";
        }

        if (options.User is not null && ContainerUser.Parse(options.User) is null)
        {
            yield return $"`Docker:User` must be uid or uid:gid in figures, was: '{PrintableText.Escape(options.User)}'";
        }

        foreach (var entry in options.AllowedEnvironment)
        {
            if (string.IsNullOrEmpty(entry) || entry == "*" || entry.AsSpan().IndexOfAny('=', '\0') >= 0 || entry[..^1].Contains('*', StringComparison.Ordinal))
            {
                yield return $"`Docker:AllowedEnvironment` must hold names, or beginnings of names with one '*' at their end, was: '{PrintableText.Escape(entry)}'";
            }
        }
    }

    private static IEnumerable<string> FindPortProblems(DockerHostOptions options)
    {
        if (!IPAddress.TryParse(options.PublishOn, out _))
        {
            yield return $"`Docker:PublishOn` must be an IP address, was: '{PrintableText.Escape(options.PublishOn)}'";
        }

        if (options.PublishedPorts is { } ports && !IsPortRange(ports))
        {
            yield return $"`Docker:PublishedPorts` must be one port or two with '-' between them, from 1 to 65535, was: '{PrintableText.Escape(ports)}'";
        }

        if (options.PortRetries is < 0 or > 20)
        {
            yield return $"`Docker:PortRetries` must be from 0 to 20, was: {options.PortRetries}";
        }
    }

    private static IEnumerable<string> FindSizeProblems(DockerHostOptions options)
    {
        foreach (var problem in FindLimitProblems("Docker", options.MemoryBytes, options.Processors, options.Processes))
        {
            yield return problem;
        }

        if (options.TemporaryBytes < Mebibyte)
        {
            yield return $"`Docker:TemporaryBytes` must be {Mebibyte} or more, was: {options.TemporaryBytes}";
        }

        if (options.OutputTailBytes is < 1024 or > MaxTail)
        {
            yield return $"`Docker:OutputTailBytes` must be from 1024 to {MaxTail}, was: {options.OutputTailBytes}";
        }

        if (options.OutputDiskBytes < 64 * 1024)
        {
            yield return $"`Docker:OutputDiskBytes` must be 65536 or more, was: {options.OutputDiskBytes}";
        }
    }

    private static IEnumerable<string> FindTimeProblems(DockerHostOptions options)
    {
        (string Name, TimeSpan Value, TimeSpan Least, TimeSpan Greatest)[] times =
        [
            ("CallTimeout", options.CallTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            ("EngineWait", options.EngineWait, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            ("CompareEvery", options.CompareEvery, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            ("ReconnectEvery", options.ReconnectEvery, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            ("DisposeGrace", options.DisposeGrace, TimeSpan.Zero, TimeSpan.FromHours(1)),
        ];
        return times.Where(t => t.Value < t.Least || t.Value > t.Greatest).Select(t => $"`Docker:{t.Name}` must be from {t.Least} to {t.Greatest}, was: {t.Value}");
    }

    private static IEnumerable<string> FindPluginProblems(string name, DockerPluginOptions plugin)
    {
        if (!PluginName.TryParse(name, out _, out var problem))
        {
            yield return $"`Docker:Plugins` must have plugins' names as keys: {problem}";
        }

        if (plugin.Image is not null && string.IsNullOrWhiteSpace(plugin.Image))
        {
            yield return $"`Docker:Plugins:{PrintableText.Escape(name)}:Image` must name an image or be left out, was empty";
        }

        foreach (var limit in FindLimitProblems($"Docker:Plugins:{PrintableText.Escape(name)}", plugin.MemoryBytes, plugin.Processors, plugin.Processes))
        {
            yield return limit;
        }
    }

    private static IEnumerable<string> FindLimitProblems(string path, long? memory, double? processors, int? processes)
    {
        if (memory < 6 * Mebibyte)
        {
            yield return $"`{path}:MemoryBytes` must be {6 * Mebibyte} or more, which is the engine's least, was: {memory}";
        }

        if (processors is { } cpus && !(cpus is >= 0.01 and <= 4096))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"`{path}:Processors` must be from 0.01 to 4096, was: {cpus}");
        }

        if (processes < 8)
        {
            yield return $"`{path}:Processes` must be 8 or more, was: {processes}";
        }
    }

    private static bool IsPortRange(string text)
    {
        var parts = text.Split('-');
        return parts.Length <= 2 && parts.All(p => ushort.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
            && int.Parse(parts[0], CultureInfo.InvariantCulture) <= int.Parse(parts[^1], CultureInfo.InvariantCulture);
    }
}
