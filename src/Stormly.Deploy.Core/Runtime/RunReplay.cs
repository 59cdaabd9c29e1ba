using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>Feeds what was recorded to the same control logic, by the recorded clock, and compares what it decides. Pure.</summary>
internal static class RunReplay
{
    /// <summary>Replays a run up to the first step that is decided otherwise.</summary>
    /// <param name="begin">What the recording begins with.</param>
    /// <param name="steps">Its steps.</param>
    /// <returns>What was decided now, and the difference; the end of the recording is told by whoever read it.</returns>
    public static ReplayReport Run(RecordedBegin begin, IEnumerable<RecordedStep> steps)
    {
        var names = new Queue<InstanceId>();
        var machine = new DeploymentMachine(begin.Settings.With(plugin => names.TryDequeue(out var name) ? name : new InstanceId($"{plugin}-unknown")));
        var plugin = PluginName.Parse(begin.Plugin);
        var state = new DeploymentState { Plugin = plugin, Revisions = begin.Revisions, Share = begin.Shared ? MachineShare.None : null };
        var decisions = ImmutableArray.CreateBuilder<DecisionRecord>();
        var events = 0;
        ReplayDifference? difference = null;
        foreach (var step in steps)
        {
            events++;
            names.Clear();
            foreach (var name in step.Ids)
            {
                names.Enqueue(name);
            }

            ImmutableArray<DeploymentEffect> effects;
            try
            {
                (state, effects) = machine.Apply(state, step.News, new Moment(step.At, step.Wall));
            }
            catch (Exception error) when (error is InvalidOperationException or ArgumentException or NullReferenceException or KeyNotFoundException or OverflowException)
            {
                // What no run could have learned was written by hand, or by a version whose decisions are others.
                difference = new ReplayDifference(events, step.Wall, step.News.GetType().Name, step.Lines(), [$"an error: {error.Message}"]);
                break;
            }

            foreach (var record in effects.OfType<DeploymentEffect.Record>())
            {
                decisions.Add(new DecisionRecord(decisions.Count + 1, step.Wall, plugin, record.Kind, record.Subject, record.What, record.Why) { Basis = record.Basis });
            }

            var now = RecordedStep.Of(step.News, new Moment(step.At, step.Wall), effects);
            if (!now.Decisions.SequenceEqual(step.Decisions) || !now.Acts.SequenceEqual(step.Acts, StringComparer.Ordinal))
            {
                difference = new ReplayDifference(events, step.Wall, step.News.GetType().Name, step.Lines(), now.Lines());
                break;
            }
        }

        return new ReplayReport { Plugin = plugin, Begun = begin.Begun, Library = begin.Library, Events = events, Decisions = decisions.ToImmutable(), Difference = difference, Ended = "" };
    }
}
