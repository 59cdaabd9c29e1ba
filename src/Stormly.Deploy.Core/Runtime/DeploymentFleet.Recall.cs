using System.Collections.Immutable;
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
            return recalled.Document.Serves is { } serves ? recalled with { Revision = services.Revisions.Load(stored.Plugin, serves.Id) } : recalled;
        }
        catch (Exception error) when (error is FormatException or StorageException)
        {
            var problem = error is StorageException ? error.Message : $"What is stored of plugin '{stored.Plugin}' cannot be used: {error.Message}. Deploy the plugin again.";
            LogUnreadable(services.Logger, problem);
            return recalled with { Problem = problem };
        }
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
