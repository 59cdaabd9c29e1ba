using Stormly.Deploy.EndToEnd.Harness.Kinds;
using Stormly.Deploy.EndToEnd.Harness.Ledger;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The short form of <c>goals redeploys --docker</c>.</summary>
public class ContainerLedgerTests
{
    [Fact]
    [Trait("Fault", "58")]
    [Trait("Fault", "76")]
    [Trait("Fault", "77")]
    public async Task I_lose_no_request_over_good_and_bad_redeployments_of_containers_that_are_killed_and_removed_at_random()
    {
        Machine.Needs();
        if (await PluginContainers.FindMissingAsync() is { } missing)
        {
            Assert.Skip(missing);
        }

        using var folder = new TemporaryFolder();
        var run = new RedeployRun(folder, new RedeployRunOptions { Kind = PluginKind.Containers, Count = 5, StartDeadline = TimeSpan.FromSeconds(15), KillEvery = TimeSpan.FromSeconds(2), Clients = 4 });

        var report = await run.RunAsync(line => TestContext.Current.SendDiagnosticMessage(line), TestContext.Current.CancellationToken);

        Assert.True(report.IsBalanced, report.ToString());
        Assert.Empty(run.Problems);
        Assert.True(run.Bad > 0 && report is { Answered: > 100, Kills: > 0 }, report.ToString());
    }
}
