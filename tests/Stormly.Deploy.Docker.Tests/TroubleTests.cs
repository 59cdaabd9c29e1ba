using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Docker.Engine;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Docker.Tests;

public class TroubleTests
{
    [Fact]
    public async Task StartAsync_NoEngine_ListsWhatWasTried()
    {
        var socket = Path.Combine(Path.GetTempPath(), $"none-{Guid.NewGuid():n}.sock");
        await using var host = new DockerInstanceHost(Options.Create(new DockerHostOptions { Endpoint = $"unix://{socket}", Image = "any" }));

        var error = await Assert.ThrowsAsync<BackendUnavailableException>(
            () => host.CheckPlacementAsync(new PlacementPlan(PluginName.Parse("dummy"), "any", 5000, 1), TestEngine.Token).AsTask());

        Assert.Contains($"Tried: unix://{socket} (no such file)", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install docker.io", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_NobodyListens_SaysSo()
    {
        await using var host = new DockerInstanceHost(Options.Create(new DockerHostOptions { Endpoint = $"tcp://127.0.0.1:{ScriptedServer.ClosedPort()}", Image = "any" }));

        var error = await Assert.ThrowsAsync<BackendUnavailableException>(
            () => host.CheckPlacementAsync(new PlacementPlan(PluginName.Parse("dummy"), "any", 5000, 1), TestEngine.Token).AsTask());

        Assert.Contains("cannot be reached. Tried: tcp://127.0.0.1:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_SocketInAFolderWithASpace_IsFound()
    {
        var folder = Directory.CreateTempSubdirectory("stormly docker-");
        try
        {
            var socket = Path.Combine(folder.FullName, "engine.sock");
            await File.WriteAllTextAsync(socket, "", TestEngine.Token);
            await using var host = new DockerInstanceHost(Options.Create(new DockerHostOptions { Endpoint = $"unix://{socket}", Image = "any" }));

            var error = await Assert.ThrowsAsync<BackendUnavailableException>(
                () => host.CheckPlacementAsync(new PlacementPlan(PluginName.Parse("dummy"), "any", 5000, 1), TestEngine.Token).AsTask());

            Assert.DoesNotContain("no such file", error.Message, StringComparison.Ordinal);
            Assert.Contains($"Tried: unix://{socket} (", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Unreachable_PermissionDenied_SaysWhichGroup()
    {
        var error = new HttpRequestException("refused", new SocketException((int)SocketError.AccessDenied));

        var words = EngineTrouble.Unreachable([new Uri("unix:///var/run/docker.sock")], error);

        Assert.Contains("unix:///var/run/docker.sock refuses this user", words, StringComparison.Ordinal);
        Assert.Contains("group that owns the socket", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_FolderThatTheEngineDoesNotSee_SaysHowItWould()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var spec = sandbox.Spec(Sandbox.Serve);
        var mount = new Mount { Type = "bind", Source = "/not/on/the/engines/machine", Target = "/stormly/work" };
        var plan = new CreateContainerParameters { Image = TestEngine.Tiny, HostConfig = new HostConfig { Mounts = [mount] } };
        var seen = await Assert.ThrowsAnyAsync<DockerApiException>(() => TestEngine.Client.Containers.CreateContainerAsync(plan, Sandbox.Token));

        var error = StartTrouble.Describe(spec, TestEngine.Tiny, new DockerHostOptions(), seen);

        Assert.Contains($"the engine does not see its folder '{spec.Folder}'", error.Reason, StringComparison.Ordinal);
        Assert.Contains("under the path that it has on the engine's machine", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "13")]
    public async Task StartAsync_FolderMissing_NamesItBeforeAnythingIsAsked()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var spec = sandbox.Spec(Sandbox.Serve);
        Directory.Delete(spec.WorkFolder);

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => sandbox.StartAsync(spec));

        Assert.StartsWith($"'{spec.WorkFolder}' does not exist", error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "59")]
    [InlineData("{\"message\":\"write /var/lib/docker/tmp: no space left on device\"}", "the engine's disk is full")]
    [InlineData("{\"message\":\"exec: \\\"/bin/sh\\\": stat /bin/sh: no such file or directory: unknown\"}", "has no shell '/bin/sh'")]
    [InlineData("{\"message\": \"invalid \\u003cname\\u003e \\/ \\\"x\\\"\"}\n", "from image 'image': invalid <name> / \"x\"")]
    [InlineData("not json \\x", "from image 'image': not json")]
    [InlineData("{\"message\":\"network none-such not found\"}", "the engine refused to start it from image 'image': network none-such not found")]
    public void Describe_EnginesWords_SayWhatToDo(string body, string expected)
    {
        var plugin = PluginName.Parse("dummy");
        var spec = new InstanceSpec
        {
            Id = InstanceId.New(plugin),
            Plugin = plugin,
            Revision = new RevisionId("a"),
            StartCommand = "x",
            DeclaredPort = 5000,
            Folder = "/f",
            WorkFolder = "/f/w",
            ManifestFile = "/f/m",
            LogFile = "/f/l/l",
        };

        var error = StartTrouble.Describe(spec, "image", new DockerHostOptions(), new DockerApiException(HttpStatusCode.InternalServerError, body));

        Assert.Contains(expected, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EverythingWrong_TellsEveryProblem()
    {
        var options = new DockerHostOptions
        {
            Endpoint = "ssh://somewhere",
            Image = " ",
            Shell = "sh",
            User = "somebody",
            PublishOn = "here",
            PublishedPorts = "9-1",
            PortRetries = 21,
            MemoryBytes = 1,
            Processors = 0,
            Processes = 1,
            TemporaryBytes = 1,
            OutputTailBytes = 1,
            OutputDiskBytes = 1,
            CallTimeout = TimeSpan.Zero,
            EngineWait = TimeSpan.FromHours(1),
            CompareEvery = TimeSpan.Zero,
            ReconnectEvery = TimeSpan.Zero,
            DisposeGrace = TimeSpan.FromHours(2),
        };
        options.AllowedEnvironment.Add("A=B");
        options.Plugins["Bad Name"] = new DockerPluginOptions { Image = " ", MemoryBytes = 1 };

        var failures = new DockerHostOptionsValidator().Validate(null, options).Failures!.ToList();

        string[] wrong =
        [
            "Endpoint", "Image", "Shell", "User", "AllowedEnvironment", "PublishOn", "PublishedPorts", "PortRetries", "MemoryBytes", "Processors", "Processes", "TemporaryBytes",
            "OutputTailBytes", "OutputDiskBytes", "CallTimeout", "EngineWait", "CompareEvery", "ReconnectEvery", "DisposeGrace", "Plugins", "Plugins:Bad Name:Image",
            "Plugins:Bad Name:MemoryBytes",
        ];
        Assert.Equal(wrong.Select(w => $"Docker:{w}"), failures.Select(f => f.Split('`')[1]));
        Assert.True(new DockerHostOptionsValidator().Validate(null, new DockerHostOptions()).Succeeded);
    }
}
