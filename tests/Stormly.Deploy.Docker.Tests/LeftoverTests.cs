using Docker.DotNet;
using Docker.DotNet.Models;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>What an instance leaves behind at its end: nothing, also of what its image asks for.</summary>
public class LeftoverTests
{
    [Fact]
    public async Task StopAsync_ImageThatDeclaresAVolume_TheVolumeGoesToo()
    {
        await TestEngine.NeedsAsync();
        var image = $"stormly-test/volume:{Guid.NewGuid():n}";
        await MakeImageWithVolumeAsync(image);
        await using var sandbox = await Sandbox.MakeAsync(o => o.Image = image);
        try
        {
            var networks = await NetworksAsync();
            var instance = await sandbox.StartAsync(Sandbox.Serve);
            await instance.WaitReadyAsync();
            var volume = Assert.Single((await TestEngine.Client.Containers.InspectContainerAsync(instance.ContainerId, Sandbox.Token)).Mounts!, m => m.Type == "volume").Name!;
            await TestEngine.Client.Volumes.InspectAsync(volume, Sandbox.Token);

            await instance.StopAsync(Sandbox.LongGrace, Sandbox.Token);

            await Assert.ThrowsAnyAsync<DockerApiException>(() => TestEngine.Client.Volumes.InspectAsync(volume, Sandbox.Token));
            Assert.Empty(await sandbox.ContainersAsync());
            Assert.Subset(networks, await NetworksAsync());
            Assert.Equal(["docker.owner"], Directory.GetFiles(sandbox.InstancesFolder).Select(Path.GetFileName));
        }
        finally
        {
            await sandbox.Host.DisposeAsync();
            await TestEngine.Client.Images.DeleteImageAsync(image, new ImageDeleteParameters(), Sandbox.Token);
        }
    }

    private static async Task MakeImageWithVolumeAsync(string image)
    {
        var made = await TestEngine.Client.Containers.CreateContainerAsync(new CreateContainerParameters { Image = TestEngine.Tiny, Cmd = ["true"] }, Sandbox.Token);
        await TestEngine.Client.Images.CommitContainerChangesAsync(
            new CommitContainerChangesParameters { ContainerID = made.ID, RepositoryName = image.Split(':')[0], Tag = image.Split(':')[1], Changes = ["VOLUME /data"] }, Sandbox.Token);
        await TestEngine.Client.Containers.RemoveContainerAsync(made.ID, new ContainerRemoveParameters { Force = true }, Sandbox.Token);
    }

    /// <summary>Other tests make none either; what somebody else's engine has does not matter.</summary>
    private static async Task<HashSet<string>> NetworksAsync()
        => [.. (await TestEngine.Client.Networks.ListNetworksAsync(new NetworksListParameters(), Sandbox.Token)).Select(n => n.Name)];
}
