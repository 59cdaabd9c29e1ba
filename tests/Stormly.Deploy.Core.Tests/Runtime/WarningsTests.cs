using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Runtime;

/// <summary>What an operator reads who keeps warnings alone: every failure is among them, with the plugin's own last words.</summary>
public class WarningsTests
{
    private const string Traceback = "serving on 8080\n\nTraceback (most recent call last):\n  No module named 'flask'";

    [Fact]
    [Trait("Fault", "2")]
    public async Task Deploy_ExitsAtOnce_WarnsOfEachEndAndOfTheGivingUpWithTheLastWords()
    {
        await using var bench = new DeploymentBench().Run();
        bench.Host.OnStart = static i => End(i, Traceback);

        await Assert.ThrowsAsync<InstanceStartException>(() => bench.DeployAsync(bench.Source()));

        Assert.Equal(3, bench.Warnings.Count(static w => w.Contains(" ended (", StringComparison.Ordinal) && IsWhole(w)));
        Assert.Single(bench.Warnings, static w => w.Contains("give up revision", StringComparison.Ordinal) && IsWhole(w));

        static bool IsWhole(string warning)
            => warning.EndsWith("; its last output: serving on 8080 | Traceback (most recent call last): | No module named 'flask')", StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "5")]
    public async Task Deploy_NeverAnswers_WarnsWithTheLastWords()
    {
        await using var bench = new DeploymentBench().Run();
        bench.Host.OnStart = static i => SayAndListenNowhere(i, "loading the model");

        await Assert.ThrowsAsync<InstanceStartException>(() => bench.DeployAsync(bench.Source(), TimeSpan.FromSeconds(1)));

        Assert.Contains(bench.Warnings, static w => w.StartsWith("churn: stop ", StringComparison.Ordinal) && w.EndsWith("its last output: loading the model)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serving_EndsAfterMuchOutput_WarnsWithTheLastWholeLines()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source());

        End(bench.Host.Running[0], string.Join('\n', Enumerable.Range(1000, 200).Select(static n => $"line {n}")));

        await bench.UntilAsync(() => bench.Warnings.Any(), "the warning");
        Assert.Contains("; its last output: line 1160 | line 1161", bench.Warnings.First(), StringComparison.Ordinal);
        Assert.EndsWith("line 1199)", bench.Warnings.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FolderIsBroken_Warns()
    {
        await using var bench = new DeploymentBench();
        await File.WriteAllTextAsync(Path.Combine(bench.Plugin, "results.json"), "{", TestContext.Current.CancellationToken);
        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin));

        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Warnings.Any(), "the warning");

        var warning = Assert.Single(bench.Warnings);
        Assert.StartsWith("churn: deploy nothing (", warning, StringComparison.Ordinal);
        Assert.Contains("results.json", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_FolderIsBrokenWhileAnEarlierRevisionServes_Warns()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(o => o.Follow.Enabled = true, b => b.AddPlugin("churn", bench.Plugin));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready, Source: not null }, "the first revision");
        Assert.Empty(bench.Warnings);

        await File.WriteAllTextAsync(Path.Combine(bench.Plugin, "results.json"), "{", TestContext.Current.CancellationToken);
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Warnings.Any(), "the warning");

        Assert.StartsWith("churn: not deploy what the plugin's folder holds (", Assert.Single(bench.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FolderIsGoneAndTheStoredRevisionComesBack_Warns()
    {
        await using var bench = new DeploymentBench();
        await bench.ServeFolderAsync();
        await bench.EndAsync();
        Directory.Delete(bench.Plugin, recursive: true);

        await bench.RunFolder().StartAsync();
        await bench.UntilAsync(() => bench.Warnings.Any(), "the warning");

        Assert.StartsWith("churn: start the stored revision instead of what lies in the plugin's folder (", bench.Warnings.First(), StringComparison.Ordinal);
    }

    private static void End(InMemoryInstance instance, string words)
    {
        instance.Write(words);
        instance.Exit(3);
    }

    private static void SayAndListenNowhere(InMemoryInstance instance, string words)
    {
        instance.Write(words);
        instance.StopListening();
    }
}
