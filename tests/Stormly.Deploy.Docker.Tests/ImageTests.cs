using Docker.DotNet.Models;
using Stormly.Deploy.Docker.Images;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Docker.Tests;

public class ImageTests
{
    [Fact]
    public async Task StartAsync_ImageOnlyInARegistry_IsFetchedOnceForAllStarts()
    {
        await TestEngine.NeedsAsync();
        await using var registry = await SmallRegistry.StartAsync("stormly-fetched");
        var image = $"{registry.Address}/stormly-fetched";
        await using var sandbox = await Sandbox.MakeAsync(o => o.Image = image);
        try
        {
            var instances = await Task.WhenAll(sandbox.StartAsync(Sandbox.Serve), sandbox.StartAsync(Sandbox.Serve));
            await instances[0].WaitReadyAsync();
            var asked = registry.Manifests;
            await (await sandbox.StartAsync(Sandbox.Serve)).WaitReadyAsync();

            Assert.InRange(asked, 1, 2);
            Assert.Equal(asked, registry.Manifests);
        }
        finally
        {
            await sandbox.Host.DisposeAsync();
            await TestEngine.Client.Images.DeleteImageAsync(image + ":latest", new ImageDeleteParameters(), Sandbox.Token);
        }
    }

    [Fact]
    [Trait("Fault", "59")]
    public async Task StartAsync_ImageMissingAndNotFetched_SaysWhatToDo()
    {
        await using var sandbox = await Sandbox.MakeAsync(o => (o.Image, o.Pull) = ("stormly-test/none", DockerPullPolicy.Never));

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => sandbox.StartAsync(Sandbox.Serve));

        Assert.Contains("'stormly-test/none' is missing", error.Reason, StringComparison.Ordinal);
        Assert.Contains("`Docker:Pull` is Never", error.Reason, StringComparison.Ordinal);
        Assert.Contains("docker load", error.Reason, StringComparison.Ordinal);
        Assert.Empty(await sandbox.ContainersAsync());
    }

    [Fact]
    [Trait("Fault", "59")]
    public async Task StartAsync_RegistryDown_NamesItAndNextStartTriesAgain()
    {
        var image = $"127.0.0.1:{ScriptedServer.ClosedPort()}/stormly-away";
        await using var sandbox = await Sandbox.MakeAsync(o => o.Image = image);

        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<InstanceStartException>(() => sandbox.StartAsync(Sandbox.Serve));
            Assert.Contains($"Fetching '{image}:latest' failed", error.Reason, StringComparison.Ordinal);
            Assert.Contains("connection refused", error.Reason, StringComparison.Ordinal);
        }

        Assert.Empty(await sandbox.ContainersAsync());
    }

    [Fact]
    [Trait("Fault", "59")]
    public async Task StartAsync_RegistryDownButImageThere_UsesIt()
    {
        await TestEngine.NeedsAsync();
        var registry = $"127.0.0.1:{ScriptedServer.ClosedPort()}/stormly-kept";
        await TestEngine.Client.Images.TagImageAsync(TestEngine.Tiny, new ImageTagParameters { RepositoryName = registry, Tag = "1" }, Sandbox.Token);
        await using var sandbox = await Sandbox.MakeAsync(o => (o.Image, o.Pull) = (registry + ":1", DockerPullPolicy.Always));
        try
        {
            await (await sandbox.StartAsync(Sandbox.Serve)).WaitReadyAsync();
        }
        finally
        {
            await sandbox.Host.DisposeAsync();
            await TestEngine.Client.Images.DeleteImageAsync(registry + ":1", new ImageDeleteParameters(), Sandbox.Token);
        }
    }

    [Fact]
    [Trait("Fault", "59")]
    public async Task StartAsync_RegistryDoesNotKnowTheImage_RepeatsItsWords()
    {
        await TestEngine.NeedsAsync();
        await using var registry = await SmallRegistry.StartAsync("stormly-other");
        await using var sandbox = await Sandbox.MakeAsync(o => o.Image = $"{registry.Address}/stormly-unknown:2");

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => sandbox.StartAsync(Sandbox.Serve));

        Assert.Contains("manifest unknown", error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python", "python:latest")]
    [InlineData("python:3.11", "python:3.11")]
    [InlineData("registry:5000/python", "registry:5000/python:latest")]
    [InlineData("registry:5000/python:3", "registry:5000/python:3")]
    [InlineData("python@sha256:abc", "python@sha256:abc")]
    public void WithTag_AnyName_NamesOneImage(string image, string expected) => Assert.Equal(expected, ImageName.WithTag(image));

    [Fact]
    public void Report_Layers_AreSummedUp()
    {
        var said = new List<string>();
        var progress = new PullProgress(TimeSpan.Zero, TimeProvider.System, said.Add);

        progress.Report(new JSONMessage { Status = "Downloading", ID = "a", Progress = new JSONProgress { Current = 1 << 20, Total = 4 << 20 } });
        progress.Report(new JSONMessage { Status = "Downloading", ID = "b", Progress = new JSONProgress { Current = 1 << 20, Total = 2 << 20 } });
        progress.Report(new JSONMessage { Status = "Download complete", ID = "b" });

        Assert.Equal("3.0 of 6.0 MiB in 2 layers so far", said[^1]);
    }
}
