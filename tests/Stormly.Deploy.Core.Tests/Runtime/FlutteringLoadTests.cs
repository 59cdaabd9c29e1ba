using Stormly.Deploy.Routing;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <summary>Load that comes and goes around a threshold moves instances a bounded number of times: by the second rule, and between deployments that share a machine.</summary>
[Trait("Fault", "79")]
public class FlutteringLoadTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(7, 9, 1)]
    [InlineData(4, 12, 13)]
    [InlineData(0, 16, 5)]
    [InlineData(0, 40, 31)]
    public void RayServe_LoadAroundTheThreshold_AtMostTwoStepsAMinute(int low, int high, int period)
    {
        var world = new MachineWorld();
        world.Scaling.Policy = ScalingPolicyKind.RayServe;
        world.DeployRange(1, min: 0, max: 20).Run(Second * 10);
        for (var second = 0; second < 3600; second++)
        {
            world.Present = second / period % 2 == 0 ? low : high;
            world.Run(Second);
        }

        var settled = world.Steps.Where(s => s.Second > 130).ToList();
        Assert.All(Enumerable.Range(2, 58), minute => Assert.InRange(settled.Count(s => s.Second >= minute * 60 && s.Second < (minute + 1) * 60), 0, 2));
    }

    /// <summary>
    /// Two deployments have short requests all the time, and the machine has room for one of them: whoever looks sees hardly ever a request of the one that serves. It keeps its turn
    /// all the same, and the other one gets its own.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(60)]
    public void Machine_ShortRequestsBetweenTheLooks_MovesItOnceATurn(int idleAfter)
    {
        var limits = new MachineLimits { MaxInstances = 1, IdleAfter = Second * idleAfter };
        var standings = new MachineStanding[] { new(), new() };
        var granted = new int[2];
        var (served, moves) = (new int[2], 0);
        for (var second = 1; second <= 600; second++)
        {
            var tenants = new MachineTenant[2];
            for (var i = 0; i < 2; i++)
            {
                // Those that nobody answers are seen waiting; the others come and go between two looks.
                var demand = new DemandReading(second * 1_000_000L, 0, granted[i] > 0 ? 0 : 1, second * 5, 0.01);
                var tenant = new MachineTenant { Plugin = i == 0 ? "a" : "b", Wish = 1, Live = granted[i], Granted = granted[i], StartTook = Second };
                (standings[i], tenants[i]) = standings[i].Look(tenant, null, demand, Second * second);
                served[i] += granted[i];
            }

            var before = granted[0];
            granted = [.. MachinePlanner.Plan(limits, [.. tenants]).Select(g => g.Instances)];
            moves += second > 1 && granted[0] != before ? 1 : 0;
        }

        Assert.InRange(moves, 5, 10);
        Assert.All(served, s => Assert.InRange(s, 200, 400));
    }

    [Fact]
    public void Machine_NobodyAsksAnyMore_GivesWayAfterTheTimeThatIsSet()
    {
        var limits = new MachineLimits { MaxInstances = 1 };
        var (idle, waits) = (new MachineStanding(), new MachineStanding());
        var (granted, at) = (1, 0);
        for (var second = 1; granted == 1 && second < 60; second++)
        {
            (idle, var one) = idle.Look(new MachineTenant { Plugin = "a", Wish = 1, Live = 1, Granted = 1 }, null, new DemandReading(0, 0, 0, Math.Min(second, 10), 0), Second * second);
            (waits, var other) = waits.Look(new MachineTenant { Plugin = "b", Wish = 1 }, null, new DemandReading(0, 0, 1, 1, 0), Second * second);
            (granted, at) = (MachinePlanner.Plan(limits, [one, other])[0].Instances, second);
        }

        // The last request came before second 10; at second 11 none has come since, and two seconds later the time is over.
        Assert.Equal(13, at);
    }

    /// <summary>Whoever ends a range finds out from the decisions why the number stands still from now on.</summary>
    [Fact]
    public void Scale_TheRangeIsEndedAtTheNumberThatItHas_LeavesADecision()
    {
        var world = new MachineWorld().DeployRange(1, min: 1, max: 3).Run(Second * 10);

        world.Tell(new DeploymentEvent.ScaleWanted(1, int.MaxValue, "", [2]));

        Assert.Null(world.State.Goal!.Range);
        Assert.Equal("let the load change the wanted number of instances no more, and keep 1", Assert.Single(world.Steps).What);
    }
}
