using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>Examples that are run before a revision gets its first request, against one instance of it; all others of it wait as well.</content>
internal sealed partial class DeploymentMachine
{
    private const int ExaminedKept = 4;

    /// <summary>A revision that has served before, in whatever run of the host application, needs no further proof; nor does one that was let through a moment ago.</summary>
    private bool NeedsExamples(DeploymentState state, InstanceState instance)
        => settings.VerifyExamples && !instance.ServedBefore && state.Stable?.Revision != instance.Revision && !state.Examined.Contains(instance.Revision)
            && !state.Revisions.Any(r => r.Id == instance.Revision && r.ServedAt is not null);

    /// <summary>One instance of each revision is asked; where it goes away meanwhile, the next one is.</summary>
    private void RunExamples(DeploymentTurn turn)
    {
        foreach (var group in turn.State.Instances.Where(i => i is { AwaitsExamples: true, Dead: false, Leaving: false }).GroupBy(i => i.Revision))
        {
            if (!group.Any(i => i.Verifying))
            {
                var first = turn.Put(group.First() with { Verifying = true });
                turn.Do(new DeploymentEffect.Verify(first.Id));
                Progressed(turn);
            }
        }
    }

    private void OnVerified(DeploymentTurn turn, InstanceState instance, DeploymentEvent.Verified verified)
    {
        var (outcome, name) = (verified.Outcome, instance.Revision.Short);
        if (outcome is { Blocks: true, Problem: { } problem })
        {
            turn.Record(DecisionKind.Verify, instance.Id.Value, $"not let {instance.Id} take requests", problem, trouble: true);
            instance = turn.Put(instance with { Verifying = false, Trouble = problem });
            BeginStop(turn, instance);
            Fail(turn, instance, new StartFailure { Instance = instance.Id, Reason = problem, OutputTail = verified.OutputTail, Incurable = true });
            return;
        }

        NoteExamples(turn, name, outcome);
        turn.State = turn.State with { Examined = [.. turn.State.Examined.Where(r => r != instance.Revision).TakeLast(ExaminedKept - 1), instance.Revision] };
        foreach (var waiting in turn.State.Instances.Where(i => i is { AwaitsExamples: true, Dead: false, Leaving: false } && i.Revision == instance.Revision))
        {
            Promote(turn, turn.Put(waiting with { AwaitsExamples = false, Verifying = false, Trouble = null }), "its status check answered 200, and the examples of its revision were run");
        }
    }

    private static void NoteExamples(DeploymentTurn turn, string name, ExampleOutcome outcome)
    {
        var rest = outcome.Note is null ? "" : $"; {outcome.Note}";
        if (outcome.Problem is { } problem)
        {
            turn.Record(DecisionKind.Verify, name, $"let revision {name} take requests although an example failed", problem + rest, trouble: true);
        }
        else if (outcome.Run > 0)
        {
            turn.Record(DecisionKind.Verify, name, $"let revision {name} take requests", string.Create(CultureInfo.InvariantCulture, $"{outcome.Run} request(s) of its examples were answered as they should be{rest}"));
        }
        else if (outcome.Note is not null)
        {
            turn.Record(DecisionKind.Verify, name, $"let revision {name} take requests without having run an example", outcome.Note);
        }
    }
}
