using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>
/// Examples that are run before a revision gets requests, in a quarter of all worlds: they pass, fail with or without consequences, take their time, or their instance dies
/// meanwhile. Draws come from a source of their own, so that all other worlds stay what they were.
/// </content>
internal sealed partial class Simulation
{
    private readonly HashSet<RevisionId> _letThrough = [];
    private SeededRandom _exampleChance = new(0);

    private static bool RunsExamples(ulong seed) => new SeededRandom(seed ^ 0x5bd1e9955bd1e995).Percent(25);

    private void RegisterExamples(ulong seed)
    {
        if (RunsExamples(seed))
        {
            _exampleChance = new SeededRandom(~seed ^ 0x5bd1e9955bd1e995);
            Does<DeploymentEffect.Verify>(e => RunExamples(_instances[e.Id]));
            Checks(CheckExamples);
        }
    }

    private void RunExamples(SimulatedInstance instance)
    {
        var life = _life;
        var bad = !Calm && _exampleChance.Percent(30);
        var outcome = new ExampleOutcome(3, bad ? "an example failed" : null, bad && _exampleChance.Percent(50), null);
        After(_exampleChance.Milliseconds(1, Calm ? 50 : 3000), () =>
        {
            if (_up && life == _life)
            {
                Step(new DeploymentEvent.Verified(instance.Id, outcome));
            }
        });
        if (!Calm && _exampleChance.Percent(10))
        {
            After(_exampleChance.Milliseconds(0, 1000), () => Die(instance, Hosts.ExitCause.OnItsOwn, 1));
        }
    }

    /// <summary>Nothing of a revision that never served takes requests before its examples were run and let it through.</summary>
    private void CheckExamples(SimulatedStep step)
    {
        if (step.News is DeploymentEvent.Verified { Outcome.Blocks: false } passed && step.Before.Instances.FirstOrDefault(i => i.Id == passed.Id) is { } judged)
        {
            _letThrough.Add(judged.Revision);
        }

        _letThrough.UnionWith(step.Before.Revisions.Where(r => r.ServedAt is not null).Select(r => r.Id));
        if (step.Before.Stable is { } stable)
        {
            _letThrough.Add(stable.Revision);
        }

        // One that takes requests already may come to belong to a revision that differs in its page alone.
        var before = step.Before.Instances.Where(i => i.Phase is InstancePhase.Ready or InstancePhase.Suspect).Select(i => i.Id).ToHashSet();
        foreach (var instance in step.After.Instances.Where(i => i is { Phase: InstancePhase.Ready, ServedBefore: false } && !before.Contains(i.Id)))
        {
            Require(_letThrough.Contains(instance.Revision), $"{instance.Id} takes requests, and no example of its revision was run");
            Require(!instance.AwaitsExamples, $"{instance.Id} takes requests, and still waits for its examples");
        }

        foreach (var group in step.After.Instances.Where(i => i is { Verifying: true, Leaving: false, Dead: false }).GroupBy(i => i.Revision))
        {
            Require(group.Count() == 1, "the examples of one revision are run against several instances at once");
        }
    }
}
