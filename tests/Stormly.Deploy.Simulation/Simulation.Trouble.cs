using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Simulation;

/// <content>What happens to instances that run.</content>
internal sealed partial class Simulation
{
    private void RegisterTrouble()
    {
        Injects(12, "an instance is killed", Kill);
        Injects(3, "all instances hang", () => Spoil(100, i => i.HangsAfter = Now - i.UpSince));
        Injects(2, "some instances answer 500 to status checks", () => Spoil(50, i => i.BadAfter = Now - i.UpSince));
        Injects(2, "some instances fail requests while their status is good", () => Spoil(50, i => i.HalfAliveAfter = Now - i.UpSince));
    }

    private void Spoil(int percent, Action<SimulatedInstance> how)
    {
        foreach (var instance in _living.Where(i => i.Alive).ToArray())
        {
            if (_random.Percent(percent))
            {
                how(instance);
            }
        }
    }

    private void Kill()
    {
        var alive = _living.Where(i => i.Alive).ToArray();
        if (alive.Length > 0)
        {
            Die(alive[_random.Next(alive.Length)], ExitCause.OnItsOwn, 137);
        }
    }
}
