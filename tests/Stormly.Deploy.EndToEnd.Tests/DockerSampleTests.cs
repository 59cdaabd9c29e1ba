using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Docker;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The churn sample in containers of a real engine, through a real host application.</summary>
public sealed class DockerSampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string State => _folder.Sub("state");

    private string Plugin => _folder.Sub("plugin");

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Fault", "76")]
    public async Task I_can_deploy_a_new_model_under_load_without_losing_a_request()
    {
        await using var host = await DeployAsync(instances: 2);
        await using var clients = new Clients(4, token => host.PostAsync("churn", ChurnSample.Body, token));
        await clients.MoreAnswersAsync(20, Token);

        await ChurnSample.TrainAsync(Plugin, 2, Token);
        await host.DeployAsync("churn", Plugin, 2, Token);
        await clients.MoreAnswersAsync(20, Token);
        await clients.StopAsync();

        Assert.Empty(clients.Failures);
        Assert.Contains("seed 2", await host.PredictAsync("churn", ChurnSample.Body, Token), StringComparison.Ordinal);
        await host.DisposeAsync();
        Assert.Empty(await PluginContainers.OfAsync(State));
    }

    [Theory]
    [Trait("Fault", "58")]
    [InlineData("kill")]
    [InlineData("rm", "-f")]
    public async Task I_can_lose_a_container_and_get_a_substitute(params string[] how)
    {
        await using var host = await DeployAsync(instances: 2);
        var before = await PluginContainers.OfAsync(State);
        Assert.Equal(2, before.Length);

        var known = host.Deployments.Get("churn")!.Instances.Select(i => i.Id).ToHashSet();

        await PluginContainers.DockerAsync([.. how, before[0]]);
        await host.UntilAsync("churn", s => s.Instances.Count(i => i.Phase == InstancePhase.Ready) == 2 && s.Instances.Any(i => !known.Contains(i.Id)), Token);

        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("churn", ChurnSample.Body, Token)).Code);
        await host.DisposeAsync();
        Assert.Empty(await PluginContainers.OfAsync(State));
    }

    [Fact]
    [Trait("Fault", "61")]
    public async Task I_can_kill_the_host_application_and_its_next_start_leaves_no_container_behind()
    {
        await NeedAsync();
        await ChurnSample.TrainAsync(Plugin, 1, Token);
        string[] orphans;
        await using (var killed = HostProgram.Start(Plugin, State, docker: PluginContainers.Image))
        {
            Assert.Equal(HttpStatusCode.OK, await killed.PostAsync(ChurnSample.Body, Token));
            await killed.KillAsync(Token);
            orphans = await PluginContainers.OfAsync(State);
            Assert.Equal(3, orphans.Length);
        }

        await using var next = HostProgram.Start(Plugin, State, docker: PluginContainers.Image);
        Assert.Equal(HttpStatusCode.OK, await next.PostAsync(ChurnSample.Body, Token));

        Assert.Empty(orphans.Intersect(await PluginContainers.OfAsync(State)));
        next.PressCtrlC();
        await next.UntilItSaysAsync("stopped: no container is left", Token);
        Assert.Equal(0, await next.ExitedAsync(Token));
        Assert.Empty(await PluginContainers.OfAsync(State));
    }

    private static async Task NeedAsync()
    {
        Machine.Needs("python3");
        if (await PluginContainers.FindMissingAsync() is { } missing)
        {
            Assert.Skip(missing);
        }
    }

    private async Task<HostApplication> DeployAsync(int instances)
    {
        await NeedAsync();
        await ChurnSample.TrainAsync(Plugin, 1, Token);
        var host = await HostApplication.StartAsync(State, Token, use: p => p.UseDocker(o => (o.Image, o.Pull) = (PluginContainers.Image, DockerPullPolicy.Never)));
        await host.DeployAsync("churn", Plugin, instances, Token);
        return host;
    }
}
