using Stormly.Deploy.EndToEnd.Harness.Ledger;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The short form of <c>goals redeploys</c>: good and bad revisions under traffic, instances killed at random, and books that must balance.</summary>
public class RedeployLedgerTests
{
    [Fact]
    [Trait("Fault", "15")]
    [Trait("Fault", "16")]
    [Trait("Fault", "76")]
    [Trait("Fault", "77")]
    public async Task I_lose_no_request_over_30_good_and_bad_redeployments_with_instances_killed_at_random()
    {
        Machine.Needs();
        using var folder = new TemporaryFolder();
        var run = new RedeployRun(folder, new RedeployRunOptions { Count = 30, StartDeadline = TimeSpan.FromSeconds(8) });

        var report = await run.RunAsync(line => TestContext.Current.SendDiagnosticMessage(line), TestContext.Current.CancellationToken);

        Assert.True(report.IsBalanced, report.ToString());
        Assert.Empty(run.Problems);
        Assert.True(run.Bad > 5 && report is { Answered: > 100, Kills: > 0 }, report.ToString());
    }
}
