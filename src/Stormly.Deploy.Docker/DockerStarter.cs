using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Docker.Images;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker;

/// <summary>Starts one container: image, files, creation, start, address. Leaves nothing where it fails.</summary>
internal sealed class DockerStarter(DockerInstanceOwner owner, ImageKeeper images, string run)
{
    /// <summary>Starts an instance.</summary>
    /// <param name="spec">What to start.</param>
    /// <param name="ownerName">The name of its state folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The running instance.</returns>
    public async Task<DockerInstance> StartAsync(InstanceSpec spec, string ownerName, CancellationToken cancellationToken)
    {
        RequireFiles(spec);
        var image = await images.EnsureAsync(spec, cancellationToken).ConfigureAwait(false);
        var user = ContainerUser.Choose(owner.Options.User, await owner.Engine.IsRootlessAsync(cancellationToken).ConfigureAwait(false));
        user.TakeOver(spec);
        var labels = ContainerLabels.Of(spec, ownerName, run);
        var plan = ContainerPlan.Build(spec, labels, image, user, owner.Options, Environment.GetEnvironmentVariables());
        owner.Watcher.Expect(spec.Id.Value);
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    return await StartOnceAsync(labels, plan, cancellationToken).ConfigureAwait(false);
                }
                catch (DockerApiException error) when (StartTrouble.IsPortTaken(error) && attempt < owner.Options.PortRetries)
                {
                    DockerHostLog.PortTaken(owner.Logger, spec.Plugin, spec.Id);
                }
            }
        }
        catch (DockerApiException error)
        {
            owner.Watcher.Forget(spec.Id.Value);
            throw StartTrouble.Describe(spec, owner.Options.ImageOf(spec.Plugin)!, owner.Options, error);
        }
        catch
        {
            owner.Watcher.Forget(spec.Id.Value);
            throw;
        }
    }

    /// <summary>Takes a running container over.</summary>
    /// <param name="labels">Its labels.</param>
    /// <param name="found">What the engine knows of it.</param>
    /// <returns>The instance.</returns>
    public DockerInstance Take(ContainerLabels labels, ContainerInspectResponse found)
    {
        var instance = new DockerInstance(labels, found.ID, AddressOf(labels, found), owner);
        owner.Watcher.Watch(instance);
        instance.Follow();
        return instance;
    }

    private static void RequireFiles(InstanceSpec spec)
    {
        string[] needed = [spec.WorkFolder, spec.ManifestFile, Path.GetDirectoryName(spec.LogFile)!];
        if (needed.FirstOrDefault(path => !Path.Exists(path)) is { } missing)
        {
            throw new InstanceStartException(spec.Plugin, spec.Id, $"'{missing}' does not exist; it is mounted into the container. Deploy the plugin again, and keep others from the state folder.");
        }
    }

    // The creation is not given up half-way: whether it happened would not be known.
    private async Task<DockerInstance> StartOnceAsync(ContainerLabels labels, CreateContainerParameters plan, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = await owner.Calls.CreateAsync(plan, CancellationToken.None).ConfigureAwait(false);
        DockerInstance? instance = null;
        try
        {
            await owner.Calls.StartAsync(id, cancellationToken).ConfigureAwait(false);
            var found = await owner.Calls.InspectAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new BackendUnavailableException($"The container of instance '{labels.Instance}' was removed while it started.");
            instance = Take(labels, found);
            await owner.Watcher.LookAsync(instance, CancellationToken.None).ConfigureAwait(false);
            DockerHostLog.Started(owner.Logger, labels.Plugin, labels.Instance, id[..12], plan.Image, instance.Address.ToString());
            return instance;
        }
        catch
        {
            await RemoveAsync(id).ConfigureAwait(false);
            if (instance is not null)
            {
                await instance.LetGoAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task RemoveAsync(string id)
    {
        try
        {
            await owner.Calls.RemoveAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is BackendUnavailableException or DockerApiException)
        {
            owner.Watcher.Condemn(id);
            DockerHostLog.RemovalPending(owner.Logger, id[..12], error.Message);
        }
    }

    /// <summary>Where it is reached. A container that has ended has no address any more: it gets one that nobody listens at.</summary>
    private InstanceAddress AddressOf(ContainerLabels labels, ContainerInspectResponse found)
    {
        if (owner.Options.Reach == DockerReach.ContainerAddress)
        {
            var address = found.NetworkSettings?.Networks?.Values.Select(n => n.IPAddress).FirstOrDefault(a => !string.IsNullOrEmpty(a));
            return new InstanceAddress(address ?? owner.Options.PublishOn, labels.Port);
        }

        var key = string.Create(CultureInfo.InvariantCulture, $"{labels.Port}/tcp");
        var binding = found.NetworkSettings?.Ports is { } ports && ports.TryGetValue(key, out var bindings) ? bindings?.FirstOrDefault() : null;
        return binding is null ? new InstanceAddress(owner.Options.PublishOn, labels.Port)
            : new InstanceAddress(owner.Options.PublishOn, int.Parse(binding.HostPort, CultureInfo.InvariantCulture));
    }
}
