using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore.Pages;

public sealed class HealthViewTests
{
    private const string Secret = "/srv/state/instance-7 is gone";

    [Theory]
    [InlineData(DeploymentPhase.Ready, 2, 2, "ok", "Healthy", "Answers requests: 2 of 2 instances ready.")]
    [InlineData(DeploymentPhase.Ready, 1, 1, "ok", "Healthy", "Answers requests: 1 of 1 instance ready.")]
    [InlineData(DeploymentPhase.Ready, 0, 0, "idle", "Asleep", "the first request wakes it")]
    [InlineData(DeploymentPhase.Paused, 2, 2, "ok", "Healthy", "2 of 2")]
    [InlineData(DeploymentPhase.Paused, 0, 0, "idle", "Asleep", "Nothing runs")]
    [InlineData(DeploymentPhase.Paused, 1, 2, "warn", "Degraded", "1 of 2")]
    [InlineData(DeploymentPhase.Deploying, 1, 2, "ok", "Updating", "1 of 2")]
    [InlineData(DeploymentPhase.Deploying, 0, 2, "warn", "Starting", "0 of 2")]
    [InlineData(DeploymentPhase.Degraded, 1, 3, "warn", "Degraded", "1 of 3 instances ready")]
    [InlineData(DeploymentPhase.BackingOff, 0, 1, "bad", "Down", "started again shortly")]
    [InlineData(DeploymentPhase.Failed, 0, 1, "bad", "Down", "until its operator has mended it")]
    [InlineData(DeploymentPhase.Failed, 1, 2, "warn", "Degraded", "1 of 2")]
    [InlineData(DeploymentPhase.Removing, 1, 1, "bad", "Being removed", "refused")]
    [InlineData(DeploymentPhase.Removed, 0, 0, "bad", "Being removed", "refused")]
    public void Of_EveryPhase_IsSaidInWordsWithoutWhatIsTheOperators(DeploymentPhase phase, int ready, int wanted, string tone, string word, string says)
    {
        var view = HealthView.Of(Snapshot(phase, ready, wanted));
        Assert.Equal((tone, word), (view.Tone, view.Word));
        Assert.Contains(says, view.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("srv", view.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NothingUnderTheName_IsNotRunning() => Assert.Equal("Not running", HealthView.Of(null).Word);

    [Fact]
    public void Of_EveryPhaseThatThereIs_HasWords()
        => Assert.All(Enum.GetValues<DeploymentPhase>(), p => Assert.All(new[] { 0, 1 }, ready => Assert.NotEmpty(HealthView.Of(Snapshot(p, ready, 1)).Sentence)));

    private static DeploymentSnapshot Snapshot(DeploymentPhase phase, int ready, int wanted) => new()
    {
        Plugin = PluginName.Parse("churn"),
        Phase = phase,
        Reason = Secret,
        WantedInstances = wanted,
        Decisions = [],
        Version = 1,
        Instances =
        [
            .. Enumerable.Range(0, ready).Select(i => new InstanceSnapshot
            {
                Id = new InstanceId($"churn-{i}"),
                Revision = new RevisionId(new string('a', 64)),
                Phase = InstancePhase.Ready,
                StartedAt = DateTimeOffset.UnixEpoch,
                Trouble = Secret,
                Address = "127.0.0.1:20417",
            }),
        ],
    };
}
