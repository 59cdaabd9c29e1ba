using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <content>What the store holds at the start. One deployment that cannot be trusted keeps no other from coming back.</content>
internal sealed partial class DeploymentFleet
{
    private static StoreOpening Opening(StateFolder state, RuntimeServices services) => new()
    {
        StateFolder = state.Path,
        Newest = services.DecisionsKept,
        Decisions = services.Journal.Decisions,
        DecisionBytes = services.Journal.DecisionBytes,
    };

    private static ImmutableDictionary<string, RecalledDeployment> Recall(RuntimeServices services, StoreContent content)
    {
        foreach (var note in content.Notes.Concat(content.Problems.Select(p => p.Message)))
        {
            LogUnreadable(services.Logger, note);
        }

        var stored = content.Deployments.ToImmutableDictionary(d => d.Plugin.Value, d => Recall(services, d), StringComparer.Ordinal);
        return stored.SetItems(content.Problems.Select(p => KeyValuePair.Create(p.Plugin.Value, new RecalledDeployment { Problem = p.Message, Refused = true })));
    }

    private static RecalledDeployment Recall(RuntimeServices services, StoredDeployment stored)
    {
        var recalled = new RecalledDeployment { Decisions = stored.Decisions };
        try
        {
            recalled = stored.Document.IsEmpty ? recalled : recalled with { Document = DeploymentDocument.Read(stored.Document.Span) };
            recalled = recalled with { Coming = TryLoad(services, stored.Plugin, recalled.Document.Rollout) };
            return recalled.Document.Serves is { } serves ? recalled with { Revision = services.Revisions.Load(stored.Plugin, serves.Id) } : recalled;
        }
        catch (Exception error) when (error is FormatException or StorageException)
        {
            var problem = error is StorageException ? error.Message : $"What is stored of plugin '{stored.Plugin}' cannot be used: {error.Message}. Deploy the plugin again.";
            LogUnreadable(services.Logger, problem);
            return recalled with { Problem = problem };
        }
    }

    private static StoredRevision? TryLoad(RuntimeServices services, PluginName plugin, StoredRollout? rollout)
    {
        try
        {
            return rollout is null ? null : services.Revisions.Load(plugin, rollout.Id);
        }
        catch (StorageException error)
        {
            LogUnreadable(services.Logger, error.Message);
            return null;
        }
    }

    /// <summary>
    /// Before anything of a rollout is started again it is written down that it was, so that one that ends the host application each time is not taken up for ever. One that was taken
    /// up often enough is not started again, and not counted.
    /// </summary>
    private static async Task<ImmutableDictionary<string, RecalledDeployment>> CountRolloutsAsync(
        RuntimeServices services, ImmutableDictionary<string, RecalledDeployment> stored, CancellationToken cancellationToken)
    {
        foreach (var (plugin, recalled) in stored)
        {
            if (recalled.Document is not { Rollout: { } rollout } document || rollout.Resumed > services.Machine.Rollout.Resumes)
            {
                continue;
            }

            document = document with { Rollout = rollout with { Resumed = rollout.Resumed + 1 } };
            stored = stored.SetItem(plugin, recalled with { Document = document });
            try
            {
                await services.Store.WriteAsync(PluginName.Parse(plugin), new StoreChange { Document = document.ToUtf8() }, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogUnreadable(services.Logger, $"that the rollout of plugin '{plugin}' is taken up again could not be stored: {error.Message}");
            }
        }

        return stored;
    }

    /// <summary>Whatever a store throws at its end, nobody waits for it any more.</summary>
    private async Task CloseStoreAsync()
    {
        try
        {
            await Services.Store.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            LogUnreadable(Services.Logger, $"the store did not close: {error.Message}");
        }
    }
}
