using Docker.DotNet;
using Docker.DotNet.Models;
using Stormly.Deploy.Docker.Engine;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>The engine of this machine, which <c>eng/docker.sh</c> provides with the images of the tests.</summary>
internal static class TestEngine
{
    public const string Tiny = "stormly-test/tiny:latest";
    public const string Flask = "stormly-test/flask:latest";

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static DockerClient Client { get; } = new DockerClientBuilder().WithEndpoint(EngineEndpoint.Candidates(null, Environment.GetEnvironmentVariable)[0]).Build();

    /// <summary>Skips the test, and says why, where no engine can be had.</summary>
    /// <param name="image">The image that the test runs.</param>
    public static async Task NeedsAsync(string image = Tiny)
    {
        if (await FindMissingAsync(image) is { } missing)
        {
            Assert.Skip(missing);
        }
    }

    /// <summary>The containers that carry a label.</summary>
    public static async Task<IList<ContainerListResponse>> ListAsync(string label, DockerClient? client = null)
        => await (client ?? Client).Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = ContainerCalls.Filter(("label", label)) }, Token);

    private static async Task<string?> FindMissingAsync(string image)
    {
        try
        {
            await Client.System.PingAsync(Token);
            await Client.Images.InspectImageAsync(image, Token);
            return null;
        }
        catch (DockerImageNotFoundException)
        {
            return $"The image {image} is missing; eng/docker.sh makes it.";
        }
        catch (Exception error) when (EngineTrouble.IsOfEngine(error))
        {
            return $"No Docker engine: {error.Message} eng/docker.sh starts one where it can.";
        }
    }
}
