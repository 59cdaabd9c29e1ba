using System.Collections.Immutable;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.TestSupport;

/// <content>Instances that outlive the host application: those of one backend are found by the next.</content>
public sealed partial class InMemoryInstanceHost
{
    /// <summary>The backend of the run before: whatever of it may live on is found by <see cref="RecoverAsync"/>.</summary>
    public InMemoryInstanceHost? Before { get; init; }

    /// <summary>What the last recovery was asked to take over.</summary>
    public ImmutableHashSet<InstanceId> Wanted { get; private set; } = [];

    /// <summary>Whether the host application is gone: its hands reach nothing any more.</summary>
    public bool Crashed { get; private set; }

    /// <summary>Ends the host application as <c>kill -9</c> does: those that outlive it live on, all others end, and whatever it still tries to do comes to nothing.</summary>
    public void Crash()
    {
        Crashed = true;
        foreach (var instance in Running.Where(i => !i.Spec.OutlivesHost))
        {
            instance.End();
        }
    }

    private HostRecoveryReport Recover(HostRecoveryRequest request)
    {
        Wanted = request.Adopt;
        var adopted = ImmutableArray.CreateBuilder<IInstance>();
        var notes = ImmutableArray.CreateBuilder<HostRecoveryNote>();
        foreach (var old in Before?.Running.Where(i => i.LetGo || Before.Crashed) ?? [])
        {
            if (!request.Adopt.Contains(old.Id))
            {
                old.End();
                notes.Add(new HostRecoveryNote(old.Id, Ended: true, "it was still running and was ended."));
                continue;
            }

            var instance = new InMemoryInstance(this, old, time);
            _running[instance.Address.ToString()] = instance;
            _started.Enqueue(instance);
            Max(ref _mostLive, Interlocked.Increment(ref _live));
            adopted.Add(instance);
        }

        return Recovery with { Adopted = Recovery.Adopted.AddRange(adopted), Notes = Recovery.Notes.AddRange(notes) };
    }
}
