using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Stormly.Deploy.Testing.Tests;

/// <summary>The test that docs/testing.md shows to authors of applications.</summary>
public sealed class ApplicationSampleTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stormly-sample-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_model_that_dies_is_replaced_and_a_new_one_comes_in()
    {
        var token = TestContext.Current.CancellationToken;
        var clock = new FakeTimeProvider();
        var memory = new InMemoryInstanceHost(clock)
        {
            OnStart = instance =>
            {
                instance.ListensAfter = TimeSpan.FromSeconds(40);   // this model takes its time to load
                instance.AnswerWith(InMemoryAnswer.Json($$"""{"revision": "{{instance.Spec.Revision.Short}}"}"""));
            },
        };
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPluginDeployment(o => o.StateFolder = Path.Combine(_folder.FullName, "state")).UseInMemory(memory);
        var application = services.BuildServiceProvider();
        var deployments = application.GetRequiredService<IPluginDeployments>();
        var client = application.GetRequiredService<IPluginClient>();

        // A deploy waits for both instances; the played clock lets their 40 s pass.
        var first = await clock.PlayAsync(deployments.DeployAsync(Model(version: 1) with { Instances = 2 }, token), token);
        Assert.Equal(first.ServingRevision!.Short, await AskAsync(client, token));

        // kill -9 of one of them: the other one answers, and a substitute comes up.
        memory.Running[0].Kill();
        Assert.Equal(first.ServingRevision.Short, await AskAsync(client, token));
        await clock.PlayUntilAsync(() => memory.Started.Count == 3 && deployments.Get("churn")!.ReadyInstances == 2, "the substitute", cancellationToken: token);

        // Another model: the old one serves until the new one does.
        var second = await clock.PlayAsync(deployments.DeployAsync(Model(version: 2), token), token);
        Assert.NotEqual(first.ServingRevision, second.ServingRevision);
        Assert.Equal(second.ServingRevision!.Short, await AskAsync(client, token));

        // A model that cannot start: the deploy says why, and nobody else notices.
        memory.OnStart = instance =>
        {
            instance.Write("no module named flask");
            instance.Exit(1);
        };
        var error = await Assert.ThrowsAnyAsync<Model.PluginDeploymentException>(() => clock.PlayAsync(deployments.DeployAsync(Model(version: 3), token), token));
        Assert.Contains("no module named flask", error.Message, StringComparison.Ordinal);
        Assert.Equal(second.ServingRevision.Short, await AskAsync(client, token));

        await clock.PlayAsync(application.DisposeAsync().AsTask(), token);
        Assert.Empty(memory.Running);
    }

    [Fact]
    public void The_guide_shows_this_very_test()
    {
        var repository = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(repository.FullName, "Stormly.Deploy.sln")))
        {
            repository = repository.Parent!;
        }

        var guide = Lines(Path.Combine(repository.FullName, "docs", "testing.md"));
        var source = Lines(Path.Combine(repository.FullName, "tests", "Stormly.Deploy.Testing.Tests", "ApplicationSampleTests.cs"));
        var from = Array.FindIndex(source, l => l.Contains(nameof(A_model_that_dies_is_replaced_and_a_new_one_comes_in), StringComparison.Ordinal)) - 1;
        var test = source[from..(Array.FindIndex(source, from, l => l == "Assert.Empty(memory.Running);") + 2)];

        Assert.Contains(string.Join('\n', test), string.Join('\n', guide), StringComparison.Ordinal);

        static string[] Lines(string path) => [.. File.ReadLines(path).Select(l => l.Trim())];
    }

    private static async Task<string> AskAsync(IPluginClient client, CancellationToken cancellationToken)
        => (await client.InvokeAsync("churn", new JsonObject { ["plan"] = "free" }, cancellationToken: cancellationToken)).GetProperty("revision").GetString()!;

    /// <summary>A plugin's folder as its training leaves it; the command is never run.</summary>
    private PluginSource Model(int version)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, $"model-{version}")).FullName;
        File.WriteAllText(Path.Combine(folder, "manifest.json"), """{"stage": "train", "downloadUrls": {}, "metadata": {"features": {}}}""");
        File.WriteAllText(Path.Combine(folder, "results.json"), $$"""
            {"http": {"port": 5000, "statusPath": "/status", "requestPath": "/predict", "startServerCmd": "flask run", "options": {"version": {{version}} } } }
            """);
        return PluginSource.FromFolder("churn", folder);
    }
}
