using Stormly.Deploy.Health;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

public class DecisionBasisTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Replace_AfterThreeMisses_TellsMissesAndLimit()
    {
        var world = new MachineWorld { Status = (n, now) => n == 1 && now > TimeSpan.FromSeconds(30) ? 0 : 200 }.Deploy(1, wanted: 2).Run(Minute * 2);

        var basis = Basis(world, DecisionKind.Replace);

        Assert.Equal(("misses in a row ≥ limit", "replace", "watch on"), (basis.Formula, basis.Chosen, basis.Rejected));
        Assert.Equal([new("misses in a row", "3"), new("limit", "3"), new("answer", "no answer")], basis.Inputs);
    }

    [Fact]
    public void BackOff_AfterTheSecondFailure_TellsTheFormulaAndTheJitter()
    {
        var world = new MachineWorld { Exit = _ => (TimeSpan.FromMilliseconds(20), 3), Status = (_, _) => 0 }.Deploy(1, keepTrying: true, ticket: 0).Run(Minute);

        var records = Records(world, DecisionKind.BackOff).ToList();

        Assert.Equal("0 s", records[0].Basis!.Chosen);
        Assert.Null(records[0].Basis!.Rejected);
        var second = records[1].Basis!;
        var jitter = double.Parse(Value(second, "jitter"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(DecisionBasis.Seconds(TimeSpan.FromSeconds(1 + (0.2 * jitter))), second.Chosen);
        Assert.Equal("2", Value(second, "failures"));
        Assert.Equal("at once", second.Rejected);
    }

    [Fact]
    public void Start_Deadline_TellsByHowMuchItWasMissed()
    {
        var world = new MachineWorld { Status = (_, _) => 0 }.Deploy(1).Run(Minute * 6);

        var basis = Records(world, DecisionKind.Stop).First(r => r.Basis is not null).Basis!;

        Assert.Equal("300 s", Value(basis, "start deadline"));
        Assert.EndsWith(" s", Value(basis, "over it by"), StringComparison.Ordinal);
        Assert.Equal("stop", basis.Chosen);
    }

    [Fact]
    public void Exchange_OfARevision_TellsWantedReadyAndSurgeOfEachStartAndStop()
    {
        var world = new MachineWorld().Deploy(1, wanted: 3).Run(Minute);
        var before = world.Effects.Count;

        world.Deploy(2, wanted: 3).Run(Minute);

        var records = world.Effects.Skip(before).Select(e => e.Effect).OfType<DeploymentEffect.Record>().ToList();
        Assert.All(records.Where(r => r.Kind == DecisionKind.Start), r => Assert.Equal("start 1", r.Basis!.Chosen));
        Assert.All(records.Where(r => r.What.StartsWith("stop ", StringComparison.Ordinal)), r => Assert.Equal(("3", "1", "0"), (Value(r.Basis!, "wanted"), Value(r.Basis!, "surge"), Value(r.Basis!, "unavailable"))));
        Assert.Equal(3, records.Count(r => r.Kind == DecisionKind.Start));
    }

    [Fact]
    public void Rollback_AfterACrashLoop_TellsFailuresAndLimit()
    {
        var world = new MachineWorld { Exit = n => n > 1 ? (TimeSpan.FromMilliseconds(20), 1) : null }.Deploy(1).Run(Minute);
        world.Status = (n, _) => n > 1 ? 0 : 200;

        world.Deploy(2).Run(Minute);

        var basis = Basis(world, DecisionKind.Rollback);
        Assert.Equal(("3", "3"), (Value(basis, "failures in a row"), Value(basis, "limit")));
        Assert.Equal("give up", basis.Chosen);
    }

    [Fact]
    public void Rollback_NotReadyInTime_TellsTheDeadlineAndHowManyWereReady()
    {
        var world = new MachineWorld().Deploy(1, wanted: 2).Run(Minute);
        world.LaunchTakes = TimeSpan.FromHours(1);

        world.Deploy(2, wanted: 2).Run(Minute * 10);

        var basis = Basis(world, DecisionKind.Rollback);
        Assert.Equal(("0", "2", "60 s"), (Value(basis, "ready"), Value(basis, "wanted"), Value(basis, "slack")));
    }

    [Fact]
    public void BackOff_PortTaken_TellsTheAttempts()
    {
        var world = new MachineWorld { Listener = n => n == 1 ? ListenerVerdict.Stranger : ListenerVerdict.Ours }.Deploy(1).Run(Minute);

        var basis = Basis(world, DecisionKind.BackOff);

        Assert.Equal(("0", "3", "another port at once"), (Value(basis, "attempts"), Value(basis, "limit"), basis.Chosen));
    }

    [Fact]
    public void Eject_FailingRequests_TellsEveryNumberOfTheRule()
    {
        var decision = OutlierPolicy.Decide(new OutlierOptions(), OutlierState.Fresh, new OutlierReading(Successes: 2, Failures: 5, FailuresInARow: 5), othersReady: 1, Minute);

        var basis = decision.Basis!;
        Assert.Equal(("5", "5", "5", "7", "1"), (Value(basis, "failures in a row"), Value(basis, "limit in a row"), Value(basis, "failed"), Value(basis, "requests"), Value(basis, "ejection")));
        Assert.Equal("eject for 30 s", basis.Chosen);
    }

    [Fact]
    public void Equals_SameTexts_AreEqualWhateverTheirArrays()
    {
        var one = new DecisionBasis("a > b", "go").With("a", 2).With("wait", TimeSpan.FromSeconds(1.5));

        Assert.Equal(one, new DecisionBasis("a > b", "go") { Inputs = [new("a", "2"), new("wait", "1.5 s")] });
        Assert.NotEqual(one, one.With("b", 1));
    }

    private static string Value(DecisionBasis basis, string name) => basis.Inputs.Single(i => i.Name == name).Value;

    private static DecisionBasis Basis(MachineWorld world, DecisionKind kind) => Records(world, kind).First().Basis!;

    private static IEnumerable<DeploymentEffect.Record> Records(MachineWorld world, DecisionKind kind)
        => world.Effects.Select(e => e.Effect).OfType<DeploymentEffect.Record>().Where(r => r.Kind == kind);
}
