using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>The host application dies: between two events, or while it carries out what was decided.</content>
internal sealed partial class Simulation
{
    private int? _diesAfter;

    private void RegisterCrashes()
    {
        Injects(4, "the host application dies", Crash);
        Injects(3, "the host application will die in the midst of a step", () => _diesAfter = _random.Between(0, 3));
        Injects(4, "the host application stands still", Pause);
        Injects(4, "the wall clock jumps", () => _wallOffset += TimeSpan.FromHours(_random.Between(-48, 48)));
    }

    /// <summary>Carries out the effects of a step, unless the host application dies over them.</summary>
    /// <returns>Whether it still lives.</returns>
    private bool ActOn(IReadOnlyList<DeploymentEffect> effects)
    {
        var life = _life;
        for (var done = 0; done < effects.Count; done++)
        {
            if (_diesAfter == done && !Calm)
            {
                Crash();
                return false;
            }

            Act(effects[done]);
            if (life != _life)
            {
                return false;
            }
        }

        return true;
    }

    private void Crash()
    {
        if (_up)
        {
            _diesAfter = null;
            _history.World(Now, "the host application is dead");
            foreach (var instance in _living.ToArray().Where(i => !Survives(i)))
            {
                instance.Alive = false;
                End(instance);
            }

            _tickets.Clear();
            Rest(_random.Milliseconds(10, 3000));
        }
    }

    /// <summary>The whole host application stands still; the world goes on, and everything is seen late.</summary>
    private void Pause() => Now += _random.Milliseconds(500, 60_000);
}
