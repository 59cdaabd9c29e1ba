using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <summary>Everything that happened as a hash, and the newest of it for people. Rendered only when asked for.</summary>
internal sealed class History(int keep)
{
    private readonly Queue<(TimeSpan At, object What, ImmutableArray<DeploymentEffect> Effects, DeploymentState? State)> _newest = new();

    public ulong Hash { get; private set; } = 14695981039346656037;

    public int Steps { get; private set; }

    public void Step(TimeSpan at, DeploymentEvent news, ImmutableArray<DeploymentEffect> effects, DeploymentState state)
    {
        Steps++;
        Keep((at, news, effects, state));
        Mix((ulong)at.Ticks);
        Mix(news.GetType().Name);
        foreach (var effect in effects)
        {
            Mix(effect.GetType().Name);
            if (effect is DeploymentEffect.Record record)
            {
                Mix(record.What);
            }
        }

        foreach (var instance in state.Instances)
        {
            Mix((ulong)instance.Phase);
        }
    }

    public void World(TimeSpan at, string what)
    {
        Mix((ulong)at.Ticks);
        Mix(what);
        Keep((at, what, [], null));
    }

    public string Render()
    {
        var text = new StringBuilder();
        foreach (var (at, what, effects, state) in _newest)
        {
            text.Append(CultureInfo.InvariantCulture, $"{at.TotalSeconds,9:0.000}  {what}\n");
            foreach (var effect in effects)
            {
                text.Append(CultureInfo.InvariantCulture, $"             -> {effect}\n");
            }

            if (state is not null && (effects.Length > 0 || what is not DeploymentEvent.Tick))
            {
                var fleet = string.Join(' ', state.Instances.Select(i => $"{i.Id.Value[6..]}@{i.Revision.Short[..2]}={i.Phase}{(i.Dead ? "+dead" : "")}{(i.Ejected ? "+out" : "")}"));
                text.Append(CultureInfo.InvariantCulture, $"             == {state.Mode} goal {state.Goal?.Revision.Short[..2]}x{state.Goal?.Wanted} stable {state.Stable?.Revision.Short[..2]}x{state.Stable?.Wanted} vacancies {state.Vacancies.Length} failure '{state.Failure}' [{fleet}]\n");
            }
        }

        return text.ToString();
    }

    private void Keep((TimeSpan At, object What, ImmutableArray<DeploymentEffect> Effects, DeploymentState? State) step)
    {
        _newest.Enqueue(step);
        if (_newest.Count > keep)
        {
            _newest.Dequeue();
        }
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * 1099511628211;

    private void Mix(string text)
    {
        foreach (var c in text)
        {
            Mix(c);
        }
    }
}
