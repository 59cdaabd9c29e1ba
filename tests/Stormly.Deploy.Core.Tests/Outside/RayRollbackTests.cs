using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Outside;

/// <summary>
/// When a new revision is given up for the last good one. ray-project/ray, python/ray/serve/tests/unit/test_rollout_supervisor.py. What is an
/// application there is an instance here; IDLE, WATCHING and ROLLING_BACK are "nothing waits", "a deadline runs" and "the goal is the stable one again".
/// </summary>
public class RayRollbackTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    [Trait("Source", "test_partially_deploying_then_running")]
    public void Deploy_OneOfTwoReady_IsWatchedAndGoodOnlyWhenBothAre()
    {
        var world = new MachineWorld { Status = (n, now) => n == 1 || now > TimeSpan.FromSeconds(30) ? 200 : 500 }.Deploy(1, wanted: 2).Run(TimeSpan.FromSeconds(10));
        Assert.Equal((1, true, false), (world.Ready.Count(), world.State.ProgressDeadline is not null, world.State.Proven));

        world.Run(Minute);

        Assert.Equal((2, false, true), (world.Ready.Count(), world.State.ProgressDeadline is not null, world.State.Proven));
    }

    [Fact]
    [Trait("Source", "test_unhealthy_then_running")]
    public void Deploy_OneFallsSickBeforeTheOtherIsReady_IsWatchedOnAndBecomesGood()
    {
        var world = new MachineWorld { Status = (n, now) => n == 2 && now < TimeSpan.FromSeconds(60) ? 500 : 200 }.Deploy(1, wanted: 2).Run(TimeSpan.FromSeconds(10));
        world.Kill(world.Ready.Single().Id);
        Assert.False(world.State.Proven);

        world.Run(Minute * 2);

        Assert.True(world.State.Proven);
        Assert.Empty(world.Refused);
        Assert.Equal(2, world.Ready.Count());
    }

    [Fact]
    [Trait("Source", "test_no_rollback_without_last_good")]
    [Trait("Fault", "77")]
    public void Deploy_FirstEverFails_ThereIsNothingToGoBackToAndItIsSaidSo()
    {
        var world = new MachineWorld { Status = (_, _) => 500 }.Deploy(1, wanted: 2).Run(Minute * 20);

        Assert.NotNull(world.State.Failure);
        Assert.Null(world.State.Stable);
        Assert.DoesNotContain(world.Effects, e => e.Effect is DeploymentEffect.Record { Kind: DecisionKind.Rollback });
        Assert.Empty(world.State.Instances);
    }

    [Theory]
    [Trait("Source", "test_rollback_on_failure, test_deploy_failed_takes_priority_over_missing_app, test_missing_app_in_statuses_triggers_rollback")]
    [Trait("Fault", "77")]
    [InlineData(true)] // all instances of the new one fail
    [InlineData(false)] // one is ready, the other never appears
    public void Redeploy_NewOneFailsInWholeOrInPart_GoesBackToTheLastGoodOne(bool inWhole)
    {
        bool Bad(int n) => inWhole ? n > 2 : n is >= 4 and <= 6;
        var world = new MachineWorld { Exit = n => Bad(n) ? (TimeSpan.FromMilliseconds(10), 1) : null, Status = (n, _) => Bad(n) ? 0 : 200 };
        world.Deploy(1, wanted: 2).Run(Minute);
        world.WatchReady();

        world.Deploy(2, wanted: 2, ticket: 2).Run(Minute * 2);

        Assert.Equal(MachineWorld.Revision(1), world.State.Goal!.Revision);
        Assert.Contains(world.Effects, e => e.Effect is DeploymentEffect.Record { Kind: DecisionKind.Rollback });
        Assert.Equal(2, world.Ready.Count(i => i.Revision == MachineWorld.Revision(1)));
        Assert.True(world.LeastReady >= 2);
    }

    /// <summary>Ray ends in ROLLBACK_FAILED and waits for a new configuration. Here the last good one is tried on, ever slower: it did serve, and nobody may be awake.</summary>
    [Fact]
    [Trait("Source", "test_rollback_ping_pong")]
    public void Rollback_LastGoodOneFailsAsWell_Differs_IsTriedOnUnderTheBackOffAndNeverGoesForth()
    {
        var world = new MachineWorld { Exit = n => n > 1 ? (TimeSpan.FromMilliseconds(10), 1) : null, Status = (n, _) => n == 1 ? 200 : 0 }.Deploy(1, ceiling: 1).Run(Minute);

        world.Deploy(2, ceiling: 1, ticket: 2).Run(Minute * 30);

        Assert.Equal(MachineWorld.Revision(1), world.State.Goal!.Revision);
        Assert.Null(world.State.Failure);
        Assert.NotEmpty(world.State.Vacancies.Select(_ => 1).Concat(world.State.Instances.Select(_ => 1)));
        Assert.Single(world.Effects, e => e.Effect is DeploymentEffect.Record { Kind: DecisionKind.Rollback });
        world.Exit = _ => null;
        world.Status = (_, _) => 200;
        Assert.Single(world.Deploy(3, ceiling: 1, ticket: 3).Run(Minute * 7).Ready, i => i.Revision == MachineWorld.Revision(3));
    }

    [Fact]
    [Trait("Source", "test_new_config_supersedes_watching")]
    public void Deploy_AnotherWhileOneIsWatched_TakesItsPlaceAndItsCallIsTold()
    {
        var world = new MachineWorld { Status = (n, _) => n <= 1 ? 500 : 200 }.Deploy(1).Run(TimeSpan.FromSeconds(5));

        world.Deploy(2, ticket: 2).Run(Minute);

        Assert.Equal([1L], Assert.Single(world.Refused).Tickets);
        Assert.Equal(MachineWorld.Revision(2), Assert.Single(world.Ready).Revision);
        Assert.Equal(MachineWorld.Revision(2), world.State.Stable!.Revision);
    }

    [Fact]
    [Trait("Source", "test_new_config_supersedes_rolling_back")]
    public void Deploy_AnotherWhileOneIsRolledBack_EndsTheRollbackAndKeepsTheLastGoodOne()
    {
        var world = new MachineWorld { Exit = n => n is > 1 and < 5 ? (TimeSpan.FromMilliseconds(10), 1) : null, Status = (n, _) => n is > 1 and < 5 ? 0 : 200 };
        world.Deploy(1, ceiling: 1).Run(Minute);
        world.Deploy(2, ceiling: 1, ticket: 2);
        while (world.State.Goal!.Revision == MachineWorld.Revision(2))
        {
            world.Run(TimeSpan.FromMilliseconds(10));
        }

        Assert.Empty(world.Ready);
        world.Deploy(3, ceiling: 1, ticket: 3);

        Assert.Equal((MachineWorld.Revision(3), MachineWorld.Revision(1)), (world.State.Goal.Revision, world.State.Stable!.Revision));
        Assert.Equal(MachineWorld.Revision(3), Assert.Single(world.Run(Minute).Ready).Revision);
    }

    /// <summary>Ray's rollback can be turned off; a failed deployment then just stays as it is. Here it cannot: a revision that fails takes nothing from the one before, so there is nothing to turn off.</summary>
    [Fact]
    [Trait("Source", "test_disabled_rollback_promotes_on_success, test_disabled_rollback_no_rollback_on_failure, test_rollback_disabled_success_becomes_rollback_target")]
    public void Redeploy_TwoGoodOnesThenABad_Differs_AlwaysGoesBackToTheNewestGoodOne()
    {
        var world = new MachineWorld { Status = (n, _) => n <= 2 ? 200 : 500 }.Deploy(1).Run(Minute).Deploy(2, ticket: 2).Run(Minute);

        world.Deploy(3, ticket: 3).Run(Minute * 20);

        Assert.Equal(MachineWorld.Revision(2), world.State.Goal!.Revision);
        Assert.Equal(MachineWorld.Revision(2), Assert.Single(world.Ready).Revision);
    }
}
