using System.Collections;
using System.Globalization;
using Docker.DotNet.Models;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker.Containers;

/// <summary>Turns what is to be started into what the engine is asked for. Pure.</summary>
internal static class ContainerPlan
{
    /// <summary>The container's name: readable, and one per instance.</summary>
    public static string NameOf(InstanceId id) => "stormly-" + id.Value;

    /// <summary>Builds the request.</summary>
    /// <param name="spec">The instance.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="imageId">The image, by its id: a tag may move between two starts.</param>
    /// <param name="user">The user inside.</param>
    /// <param name="options">The settings.</param>
    /// <param name="host">The host application's environment.</param>
    /// <returns>The request.</returns>
    /// <exception cref="InstanceStartException">A variable that the host application adds cannot be one.</exception>
    public static CreateContainerParameters Build(InstanceSpec spec, ContainerLabels labels, string imageId, ContainerUser user, DockerHostOptions options, IDictionary host)
    {
        var port = string.Create(CultureInfo.InvariantCulture, $"{spec.DeclaredPort}/tcp");
        return new CreateContainerParameters
        {
            Name = NameOf(spec.Id),
            Image = imageId,
            Entrypoint = [.. CommandShim.Words(options.Shell, spec.StartCommand)],
            Cmd = [],
            WorkingDir = ContainerPaths.Work,
            User = user.ToString(),
            Env = [.. Environment(spec, options, host).Select(v => $"{v.Key}={v.Value}")],
            Labels = labels.ToDictionary(),
            ExposedPorts = new Dictionary<string, EmptyStruct> { [port] = default },
            StopSignal = "SIGTERM",
            HostConfig = Host(spec, port, options),
        };
    }

    private static HostConfig Host(InstanceSpec spec, string port, DockerHostOptions options)
    {
        var memory = options.MemoryOf(spec.Plugin) ?? 0;
        var published = new PortBinding { HostIP = options.PublishOn, HostPort = options.PublishedPorts ?? "" };
        return new HostConfig
        {
            Mounts =
            [
                new Mount { Type = "bind", Source = spec.WorkFolder, Target = ContainerPaths.Work },
                new Mount { Type = "bind", Source = spec.ManifestFile, Target = ContainerPaths.Manifest, ReadOnly = true },
                new Mount { Type = "bind", Source = Path.GetDirectoryName(spec.LogFile)!, Target = ContainerPaths.Logs },
            ],
            PortBindings = options.Reach == DockerReach.PublishedPort ? new Dictionary<string, IList<PortBinding>> { [port] = [published] } : new Dictionary<string, IList<PortBinding>>(),
            NetworkMode = options.Network ?? "default",
            Memory = memory,
            MemorySwap = memory,
            NanoCPUs = (long)((options.ProcessorsOf(spec.Plugin) ?? 0) * 1e9),
            PidsLimit = options.ProcessesOf(spec.Plugin),
            ReadonlyRootfs = options.ReadOnlyRoot,
            Tmpfs = new Dictionary<string, string> { [ContainerPaths.Temporary] = string.Create(CultureInfo.InvariantCulture, $"rw,nosuid,nodev,mode=1777,size={options.TemporaryBytes}") },
            SecurityOpt = options.AllowNewPrivileges ? [] : ["no-new-privileges"],
            CapDrop = ["ALL"],
            CapAdd = [.. options.Capabilities],
            RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No },
            Init = true,
            LogConfig = new LogConfig { Type = "json-file", Config = OutputOnDisk(options) },
        };
    }

    // A plugin that writes faster than the engine stores is slowed down to that. The engine's other way, dropping what comes last, loses the last words.
    private static Dictionary<string, string> OutputOnDisk(DockerHostOptions options) => new()
    {
        ["max-size"] = options.OutputDiskBytes.ToString(CultureInfo.InvariantCulture),
        ["max-file"] = "2",
    };

    private static Dictionary<string, string> Environment(InstanceSpec spec, DockerHostOptions options, IDictionary host)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = ContainerPaths.Temporary };
        foreach (DictionaryEntry entry in host)
        {
            if (entry is { Key: string name, Value: string value } && options.AllowedEnvironment.Any(a => Matches(a, name)))
            {
                result[name] = value;
            }
        }

        foreach (var (name, value) in spec.Environment)
        {
            Check(spec, name, value);
            result[name] = value;
        }

        result["MANIFEST_FILE"] = ContainerPaths.Manifest;
        result["LOG_FILE"] = $"{ContainerPaths.Logs}/{Path.GetFileName(spec.LogFile)}";
        result["PORT"] = spec.DeclaredPort.ToString(CultureInfo.InvariantCulture);
        return result;
    }

    private static bool Matches(string pattern, string name)
        => pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == name;

    private static void Check(InstanceSpec spec, string name, string value)
    {
        var problem = name.Length == 0 ? "has no name"
            : name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) ? "has '=' or NUL in its name"
            : value.Contains('\0', StringComparison.Ordinal) ? "has a NUL in its value"
            : null;
        if (problem is not null)
        {
            throw new InstanceStartException(spec.Plugin, spec.Id, $"The environment variable '{PrintableText.Escape(name, maxLength: 60)}' that the host application adds {problem}. Correct or remove it.");
        }
    }
}
