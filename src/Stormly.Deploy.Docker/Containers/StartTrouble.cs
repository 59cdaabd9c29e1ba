using Docker.DotNet;
using Stormly.Deploy.Docker.Engine;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker.Containers;

/// <summary>Turns an engine's refusal to start a container into what was tried and what to do.</summary>
internal static class StartTrouble
{
    /// <summary>Whether somebody else took the published port.</summary>
    public static bool IsPortTaken(DockerApiException error) => Says(error, "port is already allocated") || Says(error, "address already in use") || Says(error, "all ports are allocated");

    /// <summary>Makes the error of a start.</summary>
    /// <param name="spec">What was to be started.</param>
    /// <param name="image">Its image.</param>
    /// <param name="options">The settings.</param>
    /// <param name="error">What the engine said.</param>
    /// <returns>The error.</returns>
    public static InstanceStartException Describe(InstanceSpec spec, string image, DockerHostOptions options, DockerApiException error)
        => new(spec.Plugin, spec.Id, Reason(spec, image, options, error), inner: error);

    private static string Reason(InstanceSpec spec, string image, DockerHostOptions options, DockerApiException error)
    {
        var words = EngineTrouble.Words(error);
        return error switch
        {
            _ when IsPortTaken(error) =>
                $"no port could be published for it, {options.PortRetries + 1} times ({words}). Ports of {options.PublishedPorts ?? "the engine's own choice"} on {options.PublishOn} are taken by others: widen `Docker:PublishedPorts`, or set `Docker:Reach` to ContainerAddress.",
            _ when Says(error, "bind source path does not exist") || Says(error, "mounts denied") || Says(error, "invalid mount config") =>
                $"the engine does not see its folder '{spec.Folder}' ({words}). Containers get their files by mounts, so the engine must see the state folder under the same path: "
                + "an engine on another machine cannot be used; a host application in a container needs the state folder mounted under the path that it has on the engine's machine; Docker Desktop needs it among its shared folders.",
            _ when Says(error, "no space left on device") => $"the engine's disk is full ({words}). Make room where it keeps its data (docker system df, docker system prune).",
            _ when Says(error, "executable file not found") || Says(error, "no such file or directory: unknown") =>
                $"its image '{image}' has no shell '{options.Shell}' ({words}). Use an image with a POSIX shell, or say where it is with `Docker:Shell`.",
            _ when Says(error, "argument list too long") => $"its command is longer than the system passes on ({words}). Put it into a file among the plugin's files.",
            _ => $"the engine refused to start it from image '{image}': {words}",
        };
    }

    private static bool Says(DockerApiException error, string words) => (error.ResponseBody ?? error.Message).Contains(words, StringComparison.OrdinalIgnoreCase);
}
