using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <content>Demand as a number that the test sets.</content>
internal sealed partial class MachineWorld
{
    private long _spent;
    private TimeSpan _spentUpTo;
    private int _present;

    public ScalingOptions Scaling { get; } = new();

    /// <summary>Requests that run or wait, until the test says otherwise.</summary>
    public int Present
    {
        get => _present;
        set
        {
            _spent = Spent;
            (_spentUpTo, _present) = (Now, value);
        }
    }

    /// <summary>The changes of the wanted number, and when.</summary>
    public List<(double Second, string What)> Steps
        => [.. Effects.Where(e => e.Effect is DeploymentEffect.Record { Kind: DecisionKind.Scale }).Select(e => (e.At.TotalSeconds, ((DeploymentEffect.Record)e.Effect).What))];

    private long Spent => _spent + ((long)(Now - _spentUpTo).TotalMicroseconds * _present);

    public MachineWorld DeployRange(int revision, int min, int max, int wanted = 1, long ticket = 1)
        => Tell(new DeploymentEvent.DeployWanted(Goal(revision, wanted) with { Range = new ScaleRange(min, max) }, [ticket], KeepTrying: false));

    /// <summary>Requests come; where nothing serves, the data plane says so at once.</summary>
    public MachineWorld Arrive(int requests)
    {
        Present = requests;
        return Tell(new DeploymentEvent.Demand(ReadDemand()));
    }

    /// <summary>The machine is shared out, and nobody has decided yet.</summary>
    public void ShareMachine() => State = State with { Share = MachineShare.None };

    private DeploymentEvent Wake() => State.Scale is null ? new DeploymentEvent.Tick() : new DeploymentEvent.Demand(ReadDemand());

    private DemandReading ReadDemand() => new((long)Now.TotalMicroseconds, Spent, _present, 0, 0);
}
