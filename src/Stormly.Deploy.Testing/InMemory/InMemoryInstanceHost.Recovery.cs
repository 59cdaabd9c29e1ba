using System.Collections.Concurrent;
using System.Collections.Immutable;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Testing;

/// <content>What becomes of instances when the host application ends, and what its next run finds.</content>
public sealed partial class InMemoryInstanceHost
{
    private readonly ConcurrentQueue<HostRecoveryRequest> _recoveries = new();

    /// <summary>Whether the host application is gone: its hands reach nothing any more.</summary>
    public bool IsCrashed { get; private set; }

    /// <summary>What it was asked to recover, oldest first.</summary>
    public IReadOnlyList<HostRecoveryRequest> Recoveries => [.. _recoveries];

    /// <summary>What recovery reports beside what it finds on the machine. Default: nothing.</summary>
    public HostRecoveryReport Recovery { get; set; } = HostRecoveryReport.Empty;

    /// <summary>
    /// Ends the host application as <c>kill -9</c> does: instances that outlive it live on, all others end, and whatever it still tries to do comes to nothing.
    /// </summary>
    public void Crash()
    {
        IsCrashed = true;
        foreach (var instance in Running.Where(i => i.Host == this && !i.Spec.OutlivesHost))
        {
            instance.Kill();
        }
    }

    /// <inheritdoc/>
    public Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        _recoveries.Enqueue(request);
        return Absence is { } absence ? Task.FromException<HostRecoveryReport>(absence) : Task.FromResult(Recover(request));
    }

    /// <summary>The machine itself knows what lives and whose it is: no record has to be believed.</summary>
    private HostRecoveryReport Recover(HostRecoveryRequest request)
    {
        var adopted = ImmutableArray.CreateBuilder<IInstance>();
        var notes = ImmutableArray.CreateBuilder<HostRecoveryNote>();
        foreach (var left in Machine.Living.Where(i => IsOrphanOf(i, request)))
        {
            if (!request.Adopt.Contains(left.Id))
            {
                left.End(new InstanceExit { Signal = 15, Cause = ExitCause.Stopped, Reason = "was ended by the next run of its host application" });
                notes.Add(new HostRecoveryNote(left.Id, Ended: true, "it was still running and was ended."));
                continue;
            }

            lock (_gate)
            {
                left.GoTo(this);
                adopted.Add(Take_NeedsLock(left));
            }
        }

        return Recovery with { Adopted = Recovery.Adopted.AddRange(adopted), Notes = Recovery.Notes.AddRange(notes) };
    }

    private static bool IsOrphanOf(InMemoryInstance instance, HostRecoveryRequest request)
        => (instance.Host.IsCrashed || instance.IsLetGo)
            && Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(instance.Spec.Folder)) == Path.TrimEndingDirectorySeparator(request.InstancesFolder);
}
