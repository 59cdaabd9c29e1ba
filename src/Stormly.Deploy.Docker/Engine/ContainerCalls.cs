using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Stormly.Deploy.Docker.Containers;

namespace Stormly.Deploy.Docker.Engine;

/// <summary>What is asked of the engine about containers, with an answer for those that are gone.</summary>
internal sealed class ContainerCalls(EngineClient engine)
{
    /// <summary>How often a removal that somebody else began is waited for.</summary>
    private const int RemovalLooks = 20;

    private static readonly string LastLines = Hosts.OutputTail.MaxLines.ToString(CultureInfo.InvariantCulture);

    public async Task<string> CreateAsync(CreateContainerParameters plan, CancellationToken cancellationToken)
        => (await engine.AskAsync("create a container", (c, t) => c.Containers.CreateContainerAsync(plan, t), cancellationToken).ConfigureAwait(false)).ID;

    public Task StartAsync(string id, CancellationToken cancellationToken)
        => engine.AskAsync("start a container", (c, t) => c.Containers.StartContainerAsync(id, new ContainerStartParameters(), t), cancellationToken);

    /// <summary>Looks at a container.</summary>
    /// <returns>What the engine knows, or null where it is gone.</returns>
    public async Task<ContainerInspectResponse?> InspectAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.AskAsync("look at a container", (c, t) => c.Containers.InspectContainerAsync(id, t), cancellationToken).ConfigureAwait(false);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Lists containers that carry a label, running or not.</summary>
    /// <param name="label">The label, with or without a value.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IList<ContainerListResponse>> ListAsync(string label, CancellationToken cancellationToken)
    {
        var parameters = new ContainersListParameters { All = true, Filters = Filter(("label", label)) };
        return engine.AskAsync("list containers", (c, t) => c.Containers.ListContainersAsync(parameters, t), cancellationToken);
    }

    /// <summary>Asks a container to end, and waits until it has, or until the engine has killed it after its grace.</summary>
    public async Task StopAsync(string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        var parameters = new ContainerStopParameters { WaitBeforeKillSeconds = (uint)Math.Ceiling(grace.TotalSeconds) };
        await IgnoreGoneAsync(engine.AskLongAsync("stop a container", (c, t) => c.Containers.StopContainerAsync(id, parameters, t), cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Kills whatever runs in a container.</summary>
    public Task KillAsync(string id, CancellationToken cancellationToken)
        => IgnoreGoneAsync(engine.AskAsync("kill a container", (c, t) => c.Containers.KillContainerAsync(id, new ContainerKillParameters { Signal = "SIGKILL" }, t), cancellationToken));

    /// <summary>Lets a paused container go on: nothing in it can hear otherwise.</summary>
    public Task UnpauseAsync(string id, CancellationToken cancellationToken)
        => IgnoreGoneAsync(engine.AskAsync("unpause a container", (c, t) => c.Containers.UnpauseContainerAsync(id, t), cancellationToken));

    /// <summary>Removes a container with its volumes, whatever it does, and waits until it is gone.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        for (var look = 0; ; look++)
        {
            try
            {
                var parameters = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
                await engine.AskAsync("remove a container", (c, t) => c.Containers.RemoveContainerAsync(id, parameters, t), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (DockerContainerNotFoundException)
            {
                return;
            }
            catch (DockerApiException error) when (error.StatusCode == System.Net.HttpStatusCode.Conflict && look < RemovalLooks)
            {
                // Somebody else removes it at this moment: ask again until it is gone. Every question takes the engine a moment.
                await InspectAsync(id, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads a container's output to its end, which is the container's.</summary>
    /// <param name="id">The container.</param>
    /// <param name="onlyLast">Begins with the last lines, as many as a person is shown; otherwise with the first that the engine kept.</param>
    /// <param name="take">Takes what is read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task FollowOutputAsync(string id, bool onlyLast, Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken)
    {
        var parameters = new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Follow = true, Tail = onlyLast ? LastLines : "all" };
        return engine.AskLongAsync("read a container's output", (c, t) => DrainAsync(c, id, parameters, take, t), cancellationToken);
    }

    /// <summary>Reads the last lines of a container's output, as many as a person is shown.</summary>
    /// <param name="id">The container.</param>
    /// <param name="take">Takes what is read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task ReadLastOutputAsync(string id, Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken)
    {
        var parameters = new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Tail = LastLines };
        return engine.AskAsync("read the end of a container's output", (c, t) => DrainAsync(c, id, parameters, take, t), cancellationToken);
    }

    /// <summary>Builds a filter.</summary>
    public static Dictionary<string, IDictionary<string, bool>> Filter(params ReadOnlySpan<(string Key, string Value)> parts)
    {
        var result = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal);
        foreach (var (key, value) in parts)
        {
            if (!result.TryGetValue(key, out var values))
            {
                result[key] = values = new Dictionary<string, bool>(StringComparer.Ordinal);
            }

            values[value] = true;
        }

        return result;
    }

    /// <summary>Reads the end of a container out of what the engine knows of it.</summary>
    /// <param name="found">What it knows; null where the container is gone.</param>
    /// <returns>The end, or null where it has not ended.</returns>
    public static ContainerEnd? EndOf(ContainerInspectResponse? found)
        => found is null ? ContainerEnd.Removed
            : found.State is { Running: false, Restarting: false } state ? new ContainerEnd(state.ExitCode, state.OOMKilled)
            : null;

    private static async Task DrainAsync(DockerClient client, string id, ContainerLogsParameters parameters, Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken)
    {
        using var stream = await client.Containers.GetContainerLogsAsync(id, parameters, cancellationToken).ConfigureAwait(false);
        await using var abort = cancellationToken.UnsafeRegister(static s => ((MultiplexedStream)s!).Dispose(), stream).ConfigureAwait(false);
        var buffer = new byte[16 * 1024];
        for (var read = await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false); !read.EOF;
            read = await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false))
        {
            take(buffer.AsSpan(0, read.Count));
        }
    }

    private static async Task IgnoreGoneAsync(Task call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (DockerContainerNotFoundException)
        {
            // What is gone has ended.
        }
        catch (DockerApiException error) when (error.StatusCode is System.Net.HttpStatusCode.Conflict)
        {
            // It has ended already, or is not paused.
        }
    }
}
