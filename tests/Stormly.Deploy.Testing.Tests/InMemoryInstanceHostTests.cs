using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Testing.Tests;

/// <summary>What goes wrong in memory arrives at the application as the same thing would in reality.</summary>
public sealed class InMemoryInstanceHostTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-memory-");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task UseInMemory_AnotherBackendWasChosen_TakesItsPlace()
    {
        await using var application = Make();

        Assert.Same(application.Memory, application.Services.GetRequiredService<IInstanceHost>());
        Assert.Same(application.Clock, application.Services.GetRequiredService<TimeProvider>());
        await application.DeployAsync();
        Assert.Equal(PluginOutcome.Ok, await application.AskAsync());
        Assert.Contains("\"props\"", Assert.Single(application.Memory.Running[0].Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseInMemory_NoHostGiven_MakesOneOnTheContainersClock()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        services.AddPluginDeployment().UseInMemory(m => m.StartTakes = TimeSpan.FromSeconds(1)).UseInMemory();
        await using var provider = services.BuildServiceProvider();

        var host = provider.GetRequiredService<InMemoryInstanceHost>();

        Assert.Same(host, provider.GetRequiredService<IInstanceHost>());
        Assert.Equal((clock, TimeSpan.Zero), (host.Time, host.StartTakes));
    }

    [Fact]
    public async Task Answers_FaultyOnes_BecomeTheOutcomesOfRealOnes()
    {
        await using var application = Make(o => o.Outlier.ConsecutiveFailures = 1000);
        await application.DeployAsync();
        var instance = application.Memory.Running[0];

        foreach (var (answer, outcome) in ((InMemoryAnswer, PluginOutcome)[])
            [(InMemoryAnswer.Code(500), PluginOutcome.PluginError), (InMemoryAnswer.Json("no json"), PluginOutcome.PluginError), (InMemoryAnswer.Lost, PluginOutcome.PluginError), (InMemoryAnswer.Silent, PluginOutcome.Timeout)])
        {
            instance.AnswerWith(answer);
            Assert.Equal(outcome, await application.AskAsync());
        }

        instance.AnswerWith(InMemoryAnswer.Ok with { After = TimeSpan.FromSeconds(20) });
        var begun = application.Clock.GetUtcNow();
        Assert.Equal(PluginOutcome.Ok, await application.AskAsync());
        Assert.True(application.Clock.GetUtcNow() - begun >= TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Kill_DuringARequest_LosesThatRequestAndIsHealed()
    {
        await using var application = Make();
        await application.DeployAsync();
        var victim = application.Memory.Running[0];
        victim.AnswerWith(InMemoryAnswer.Silent);

        var call = application.AskAsync();
        await application.Clock.PlayUntilAsync(() => victim.Requests.Count == 1, "the request", cancellationToken: PlayedApplication.Token);
        victim.Kill();

        Assert.Equal(PluginOutcome.PluginError, await call);
        await application.Clock.PlayUntilAsync(
            () => application.Deployments.Get("churn") is { ReadyInstances: 1 } now && now.Instances.All(i => i.Id != victim.Id), "the substitute", cancellationToken: PlayedApplication.Token);
        Assert.Equal(PluginOutcome.Ok, await application.AskAsync());
    }

    [Theory]
    [InlineData("fails", "the disk is full")]
    [InlineData("exits", "ended by itself with exit code 3")]
    [InlineData("hangs", "no answer in time")]
    [InlineData("refuses", "connection refused")]
    [InlineData("500", "its status check answered 500")]
    [InlineData("elsewhere", "it listens on port 8080")]
    public async Task DeployAsync_TheStartGoesWrong_SaysSo(string how, string words)
    {
        await using var application = Make();
        application.Memory.StartError = spec => how == "fails" ? new InstanceStartException(spec.Plugin, spec.Id, "the disk is full") : null;
        application.Memory.OnStart = instance =>
        {
            switch (how)
            {
                case "exits": instance.Exit(3); break;
                case "hangs": instance.Freeze(); break;
                case "refuses": instance.StopListening(); break;
                case "500": instance.Status = InMemoryAnswer.Code(500); break;
                default: instance.Listener = new ListenerCheck(ListenerVerdict.Elsewhere, "it listens on port 8080"); break;
            }
        };

        var error = await Assert.ThrowsAnyAsync<PluginDeploymentException>(() => application.DeployAsync());

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Empty(application.Memory.Running);
    }

    [Fact]
    public async Task DisposeAsync_OfAContainerThatNobodyStopped_EndsDeploymentsBeforeTheirBackend()
    {
        var (log, memory) = (new FakeLoggerProvider(), (InMemoryInstanceHost?)null);
        var services = new ServiceCollection();
        services.AddLogging(b => b.AddProvider(log).SetMinimumLevel(LogLevel.Warning));
        services.AddPluginDeployment(o => o.StateFolder = Path.Combine(_home.FullName, "state")).UseInMemory(m => memory = m);
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IPluginDeployments>().DeployAsync(PluginSource.FromFolder("churn", PlayedApplication.WritePlugin(_home)), PlayedApplication.Token);

        await provider.DisposeAsync();

        Assert.Equal(1, Assert.Single(memory!.Started).Stops);
        Assert.Empty(log.Collector.GetSnapshot());
    }

    /// <summary>The application is disposed of at the end although the instance lives on: nothing waits for what cannot be ended.</summary>
    [Fact]
    public async Task Stop_Lost_IsSaidAndKeepsNobodyWaiting()
    {
        await using var application = Make();
        await application.DeployAsync();
        var stubborn = application.Memory.Running[0];
        stubborn.StopError = new PluginDeploymentException("a process of it still lives");
        stubborn.Freeze();

        bool IsSaid() => application.Deployments.Get("churn")!.Decisions.Any(d => d.Why.Contains("a process of it still lives", StringComparison.Ordinal));
        await application.Clock.PlayUntilAsync(() => IsSaid() && application.Deployments.Get("churn")!.ReadyInstances == 1, "the substitute", cancellationToken: PlayedApplication.Token);

        Assert.False(stubborn.IsGone);
        Assert.Equal(1, application.Memory.Running.Count(i => i != stubborn));
    }

    [Fact]
    public async Task Crash_PluginsThatOutliveTheHost_LiveOnOnTheMachine()
    {
        var machine = new InMemoryMachine();
        InMemoryInstance survivor;
        await using (var first = Make(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash, machine))
        {
            await first.DeployAsync();
            survivor = first.Memory.Running[0];
            await first.Clock.PassAsync(TimeSpan.FromSeconds(1), cancellationToken: PlayedApplication.Token);
            first.Memory.Crash();
        }

        Assert.Equal([survivor], machine.Living);
        Assert.False(survivor.IsGone);
    }

    [Fact]
    public async Task Crash_WhileAnInstanceIsBeingStopped_TheCallThatStopsItEnds()
    {
        var machine = new InMemoryMachine();
        var application = Make(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash, machine);
        await application.DeployAsync();
        var instance = application.Memory.Running[0];
        instance.OnStop = _ => application.Memory.Crash();

        await application.DisposeAsync();

        Assert.Equal((1, true), (instance.Stops, instance.IsGone));
        Assert.Empty(machine.Living);
    }

    private PlayedApplication Make(Action<PluginDeploymentOptions>? configure = null, InMemoryMachine? machine = null) => new(_home, machine ?? new InMemoryMachine(), configure);
}
