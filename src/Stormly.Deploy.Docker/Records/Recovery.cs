using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Docker.Engine;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker.Records;

/// <summary>Finds the containers of earlier runs by their labels: takes over what is asked for, ends and removes the rest.</summary>
internal sealed class Recovery(ContainerCalls calls, DockerStarter starter, ILogger logger)
{
    /// <summary>Recovers.</summary>
    /// <param name="request">What to adopt, and whose containers these are.</param>
    /// <param name="owner">The name of the state folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found and done.</returns>
    public async Task<HostRecoveryReport> RunAsync(HostRecoveryRequest request, string owner, CancellationToken cancellationToken)
    {
        var label = $"{ContainerLabels.OwnerKey}={owner}";
        var found = await calls.ListAsync(label, cancellationToken).ConfigureAwait(false);
        var done = await Task.WhenAll(found.Select(c => RecoverAsync(c, request, owner, cancellationToken))).ConfigureAwait(false);
        var notes = done.Select(d => d.Note).OfType<HostRecoveryNote>().ToImmutableArray();
        foreach (var note in notes)
        {
            DockerHostLog.Recovered(logger, note.Instance, note.Detail);
        }

        return new HostRecoveryReport { Adopted = [.. done.Select(d => d.Adopted).OfType<IInstance>()], Notes = notes };
    }

    private async Task<(IInstance? Adopted, HostRecoveryNote? Note)> RecoverAsync(
        ContainerListResponse container, HostRecoveryRequest request, string owner, CancellationToken cancellationToken)
    {
        var name = $"container {container.ID[..12]}";
        if (ContainerLabels.Read(container.Labels) is not { } labels)
        {
            return (null, new HostRecoveryNote(new Model.InstanceId(container.Names.FirstOrDefault() ?? container.ID[..12]), false, $"{name} carries our name, but not all of our labels: left alone") { Remains = true });
        }

        if (BelongsToACopy(labels, request.InstancesFolder, owner))
        {
            return (null, new HostRecoveryNote(labels.Instance, false, $"{name} belongs to the state folder that this one is a copy of ('{labels.Folder}'): left alone"));
        }

        try
        {
            var inspected = await calls.InspectAsync(container.ID, cancellationToken).ConfigureAwait(false);
            var end = ContainerCalls.EndOf(inspected);
            if (end is null && request.Adopt.Contains(labels.Instance))
            {
                return (starter.Take(labels, inspected!), null);
            }

            if (end is null)
            {
                await EndAsync(inspected!, request.Grace, cancellationToken).ConfigureAwait(false);
            }

            await calls.RemoveAsync(container.ID, cancellationToken).ConfigureAwait(false);
            return (null, new HostRecoveryNote(labels.Instance, end is null, $"{name} {Describe(end)}: removed"));
        }
        catch (Exception error) when (error is DockerApiException or BackendUnavailableException)
        {
            return (null, new HostRecoveryNote(labels.Instance, false, $"{name} could not be removed: {error.Message}") { Remains = true });
        }
    }

    private async Task EndAsync(ContainerInspectResponse found, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (found.State?.Paused == true)
        {
            await calls.UnpauseAsync(found.ID, cancellationToken).ConfigureAwait(false);
        }

        if (grace > TimeSpan.Zero)
        {
            await calls.StopAsync(found.ID, grace, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Describe(ContainerEnd? end)
        => end is null ? "still ran" : end.Code is { } code ? string.Create(CultureInfo.InvariantCulture, $"had ended with exit code {code}") : "was gone already";

    /// <summary>
    /// A state folder may be moved, or copied. Where the folder that a container was started from is still there and has the same name, this one is the
    /// copy, and the container is the other's.
    /// </summary>
    private static bool BelongsToACopy(ContainerLabels labels, string instancesFolder, string owner)
        => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(labels.Folder)) is { } home
            && Path.GetFullPath(home) != Path.GetFullPath(Path.TrimEndingDirectorySeparator(instancesFolder)) && OwnerFile.Read(home) == owner;
}
