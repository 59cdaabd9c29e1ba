using System.Collections.Immutable;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <content>What an earlier run left behind: nothing of it is ended before it is known what is stored and who is wanted back.</content>
internal sealed partial class DeploymentFleet
{
    /// <summary>The instances of an earlier run that were taken over and that no controller has yet.</summary>
    public ImmutableArray<Survivor> Survivors { get; private set; } = [];

    /// <summary>Why the backend could not be asked what an earlier run left behind; null once it could. Nothing may be started before: it might run already.</summary>
    public BackendUnavailableException? Absence { get; private set; }

    private ImmutableHashSet<string> ComingBack { get; init; } = [];

    /// <summary>Asks the backend again.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it could be asked; then <see cref="Survivors"/> holds what was taken over, and <see cref="GoOn"/> is to follow.</returns>
    public async Task<bool> TryRecoverAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (survivors, absence) = await TryRecoverAsync(_state, Services, ComingBack, cancellationToken).ConfigureAwait(false);
            (Survivors, Absence) = (survivors, absence ?? Absence);
            if (absence is not null)
            {
                return false;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error)
        {
            // Nothing can be started before this is done, so whatever it was is tried again.
            Absence = new BackendUnavailableException($"What an earlier run left behind could not be taken over: {error.Message}", error);
            return false;
        }

        // The store's calls for one deployment come one after the other.
        await Task.WhenAll(_controllers.Values.Select(c => c.WhenWrittenAsync())).ConfigureAwait(false);
        Stored = await CountRolloutsAsync(Services, Stored, CancellationToken.None).ConfigureAwait(false);
        return true;
    }

    /// <summary>What was taken over is in its controllers' hands: calls may start instances from now on.</summary>
    public void GoOn()
    {
        LogReturned(Services.Logger, Survivors.Length);
        Absence = null;
    }

    private static async Task<(ImmutableArray<Survivor> Survivors, BackendUnavailableException? Absence)> TryRecoverAsync(
        StateFolder state, RuntimeServices services, IReadOnlySet<string> comingBack, CancellationToken cancellationToken)
    {
        try
        {
            return (await RecoverAsync(state, services, comingBack, cancellationToken).ConfigureAwait(false), null);
        }
        catch (BackendUnavailableException absence)
        {
            return ([], absence);
        }
    }

    /// <summary>Takes over what is wanted back and sweeps the rest.</summary>
    /// <param name="state">The state folder.</param>
    /// <param name="services">What controllers work with.</param>
    /// <param name="comingBack">The plugins whose deployments come back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was taken over.</returns>
    private static async Task<ImmutableArray<Survivor>> RecoverAsync(
        StateFolder state, RuntimeServices services, IReadOnlySet<string> comingBack, CancellationToken cancellationToken)
    {
        var wanted = services.WhenHostEnds == HostEndAction.EndPlugins ? [] : FindWanted(state, services, comingBack);
        var request = new HostRecoveryRequest { InstancesFolder = state.Instances, Grace = services.Stop.Grace, Adopt = [.. wanted.Keys] };
        var report = await services.Host.RecoverAsync(request, cancellationToken).ConfigureAwait(false);
        foreach (var note in report.Notes)
        {
            LogRecovered(services.Logger, note.Instance, note.Detail);
        }

        var kept = report.Notes.Where(n => n.Remains).Select(n => n.Instance).Concat(report.Adopted.Select(i => i.Id));
        services.Folders.RemoveStrays(kept.Select(id => id.Value).ToHashSet(StringComparer.Ordinal));
        return [.. report.Adopted.Select(i => new Survivor(i, wanted[i.Id].Revision, wanted[i.Id].Note))];
    }

    private static Dictionary<InstanceId, (StoredRevision Revision, InstanceNote Note)> FindWanted(StateFolder state, RuntimeServices services, IReadOnlySet<string> comingBack)
    {
        var wanted = new Dictionary<InstanceId, (StoredRevision, InstanceNote)>();
        var revisions = new Dictionary<(string, string), StoredRevision?>();
        foreach (var (id, note) in InstanceNotes.ReadAll(state.Instances).Where(n => comingBack.Contains(n.Note.Plugin)))
        {
            if (!revisions.TryGetValue((note.Plugin, note.Revision), out var revision))
            {
                revision = revisions[(note.Plugin, note.Revision)] = TryLoad(services, note);
            }

            if (revision is not null)
            {
                wanted.Add(id, (revision, note));
            }
        }

        return wanted;
    }

    private static StoredRevision? TryLoad(RuntimeServices services, InstanceNote note)
    {
        try
        {
            return services.Revisions.Load(PluginName.Parse(note.Plugin), new RevisionId(note.Revision));
        }
        catch (StorageException error)
        {
            LogUnreadable(services.Logger, error.Message);
            return null;
        }
    }
}
