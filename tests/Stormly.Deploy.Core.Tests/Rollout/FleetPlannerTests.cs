using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>
/// The cases of Kubernetes' rolling update (pkg/controller/deployment/rolling_test.go), told again for a planner that knows single instances:
/// how many of the wanted and of another revision there are, and how many starts and stops follow at once.
/// </summary>
public class FleetPlannerTests
{
    private const int Unlimited = int.MaxValue;

    // Ours plans starts and stops together. A start counts as one that will be ready only for deciding whether more are needed, never for letting one go.
    [Theory]
    [InlineData(10, 0, 1, 10, 0, 0, 1)] // No surge: nothing new before something old went. Theirs looks at the new set alone; ours lets one go in the same step, because it may be missing.
    [InlineData(10, 2, 0, 10, 0, 2, 0)] // The surge and no more.
    [InlineData(10, 2, 0, 5, 0, 7, 0)] // The missing and the surge.
    [InlineData(10, 2, 0, 10, 2, 0, 2)] // The surge is used up. Theirs stays; ours has 12 that serve, so 2 old ones go at once.
    [InlineData(10, 2, 0, 2, 11, 0, 3)] // More than wanted serve: old and surplus go. Theirs shrinks the new set alone first.
    public void Plan_NewSet_GrowsByWhatIsMissingWithinTheSurge(int wanted, int surge, int unavailable, int oldReady, int newReady, int starts, int stops)
    {
        var decision = Plan(wanted, surge, unavailable, [.. Members(oldReady, FleetStanding.Ready, wanted: false), .. Members(newReady, FleetStanding.Ready, wanted: true)]);

        Assert.Equal(starts, decision.Starts);
        Assert.Equal(stops, decision.Stops.Length);
    }

    [Theory]
    [InlineData(10, 1, 10, 0, 0, 0, 1)] // Theirs reads 0 and 0 as one that may be missing; ours refuses that pair of options, so the row says 1.
    [InlineData(10, 2, 10, 0, 0, 0, 2)]
    [InlineData(10, 2, 8, 2, 0, 2, 0)] // The sick go first.
    [InlineData(10, 2, 9, 1, 0, 1, 1)] // The sick one, and one that is well.
    [InlineData(10, 2, 8, 0, 2, 0, 0)] // New ones that are not ready let nobody go.
    public void Plan_OldSet_ShrinksByWhatMayBeMissingTheSickFirst(int wanted, int unavailable, int ready, int sick, int coming, int sickStops, int readyStops)
    {
        ImmutableArray<FleetMember> members =
        [
            .. Members(ready, FleetStanding.Ready, wanted: false), .. Members(sick, FleetStanding.Suspect, wanted: false, from: 100), .. Members(coming, FleetStanding.Starting, wanted: true),
        ];

        var stopped = Plan(wanted, 0, unavailable, members).Stops.Select(s => members.Single(m => m.Id == s.Id).Standing).ToList();

        Assert.Equal(sickStops, stopped.Count(s => s == FleetStanding.Suspect));
        Assert.Equal(readyStops, stopped.Count(s => s == FleetStanding.Ready));
    }

    // Theirs takes the greatest number to clean up as an argument; here it is what may be missing.
    [Theory]
    [InlineData(8, 2, 1, 1)] // Two are missing already because they are sick: one of them may go before its substitute serves.
    [InlineData(8, 2, 3, 2)] // Theirs cleans up 2; so does ours, and one that is well may go besides.
    [InlineData(8, 2, 0, 0)]
    [InlineData(10, 0, 3, 0)]
    public void Plan_SickOldOnes_AreCleanedUpWithinTheLimit(int ready, int sick, int limit, int expected)
    {
        ImmutableArray<FleetMember> members = [.. Members(ready, FleetStanding.Ready, wanted: false), .. Members(sick, FleetStanding.Suspect, wanted: false, from: 100)];

        var stops = Plan(10, 2, limit, members).Stops;

        Assert.Equal(expected, stops.Count(s => members.Single(m => m.Id == s.Id).Standing == FleetStanding.Suspect));
    }

    [Theory]
    [InlineData(10, 1, 10, 0, 1)] // As above: 0 and 0 is not allowed here.
    [InlineData(10, 2, 10, 0, 2)]
    [InlineData(10, 2, 8, 0, 0)] // Two are missing already (here: they went before, and the next ones start).
    [InlineData(10, 2, 0, 10, 0)] // Nothing old is left.
    [InlineData(10, 2, 1, 0, 0)] // Nearly all are missing already.
    public void Plan_ReadyOldOnes_GoOnlyAboveTheLeastThatMustServe(int wanted, int unavailable, int oldReady, int newReady, int stops)
    {
        var decision = Plan(wanted, 0, unavailable, [.. Members(oldReady, FleetStanding.Ready, wanted: false), .. Members(newReady, FleetStanding.Ready, wanted: true)]);

        Assert.Equal(stops, decision.Stops.Length);
    }

    [Fact]
    public void Plan_YoungOnes_TakeTheirPlaceInTheCountButLetNobodyGo()
    {
        ImmutableArray<FleetMember> members = [.. Members(3, FleetStanding.Ready, wanted: false), .. Members(1, FleetStanding.Young, wanted: true)];

        var decision = Plan(3, 1, 0, members);

        Assert.Equal(0, decision.Starts);
        Assert.Empty(decision.Stops);
    }

    [Fact]
    public void Plan_YoungOnesOfAnotherRevision_GoFirstButNotWhereTheyAreAllThatAnswers()
    {
        var young = Members(1, FleetStanding.Young, wanted: false, from: 100);

        Assert.Equal("c-100", Assert.Single(Plan(3, 1, 0, [.. Members(3, FleetStanding.Ready, wanted: false), .. young]).Stops).Id.Value);
        Assert.Empty(Plan(1, 1, 0, [.. young]).Stops);
    }

    [Fact]
    public void Plan_SurgeIsUsedUp_LetsNobodyMoreGoWhileOneIsGoing()
    {
        ImmutableArray<FleetMember> members = [.. Members(2, FleetStanding.Ready, wanted: false), .. Members(1, FleetStanding.Leaving, wanted: false, from: 100)];

        var decision = Plan(3, 0, 1, members);

        Assert.Equal(0, decision.Starts);
        Assert.Empty(decision.Stops);
    }

    [Fact]
    public void Plan_TheOnlyOneThatAnswersIsSick_StaysUntilItsSubstituteServes()
    {
        ImmutableArray<FleetMember> sick = [.. Members(1, FleetStanding.Suspect, wanted: false)];

        Assert.Equal(new FleetDecision(1, []).Starts, Plan(1, 1, 1, sick).Starts);
        Assert.Empty(Plan(1, 1, 1, sick).Stops);
        Assert.Empty(Plan(1, 1, 1, [.. sick, .. Members(1, FleetStanding.Starting, wanted: true)]).Stops);
        Assert.Equal(sick[0].Id, Assert.Single(Plan(1, 1, 1, [.. sick, .. Members(1, FleetStanding.Ready, wanted: true)]).Stops).Id);
    }

    /// <summary>Found by the simulation: the one that waits for no substitute any more goes, and the one that turned sick just now stays until its own serves.</summary>
    [Fact]
    [Trait("Fault", "17")]
    public void Plan_TwoAreSickAndOneIsTooMany_TheOneWhoseSubstituteFailedGoes()
    {
        ImmutableArray<FleetMember> members =
        [
            new(new InstanceId("now-sick"), true, FleetStanding.Suspect),
            .. Members(3, FleetStanding.Ready, wanted: true),
            new(new InstanceId("hopeless"), true, FleetStanding.Suspect, SubstituteFailed: true),
        ];

        var decision = FleetPlanner.Plan(new FleetSpec(4, 2, 0, Unlimited, "", 1), members);

        Assert.Equal("hopeless", Assert.Single(decision.Stops).Id.Value);
        Assert.Equal(1, decision.Starts);
    }

    private static FleetDecision Plan(int wanted, int surge, int unavailable, ImmutableArray<FleetMember> members)
        => FleetPlanner.Plan(new FleetSpec(wanted, surge, unavailable, Unlimited, "", Math.Max(0, wanted - members.Count(m => m.Wanted))), members);

    private static IEnumerable<FleetMember> Members(int count, FleetStanding standing, bool wanted, int from = 0)
        => Enumerable.Range(from, count).Select(n => new FleetMember(new InstanceId($"{(wanted ? "n" : "c")}-{n}"), wanted, standing));
}
