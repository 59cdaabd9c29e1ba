using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Plans;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <content>Plans: everything is read, nothing is done.</content>
internal sealed partial class PluginDeployments
{
    public async Task<DeploymentPlan> PlanAsync(PluginSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var fleet = await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        using var pass = await _gates.EnterAsync(source.Name, cancellationToken).ConfigureAwait(false);
        var controller = fleet.Find(source.Name.Value);
        await (controller?.CatchUpAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        var now = controller?.Snapshot;
        var size = SizeOf(source.Name, controller?.Goal).With(source);
        var plan = new DeploymentPlan
        {
            Plugin = source.Name,
            Action = PlanAction.Refuse,
            Reason = "what its stages, manifest or environment say cannot be deployed",
            Against = now?.WantedRevision,
            Instances = size.Wanted,
            InstancesNow = now?.WantedInstances ?? 0,
        };
        var (content, problems) = await SourceReader.TryReadAsync(source, cancellationToken).ConfigureAwait(false);
        plan = plan with { Problems = problems };
        if (content is null)
        {
            return plan;
        }

        var placement = await AskAsync(fleet.Services.Host, content, size.Most, cancellationToken).ConfigureAwait(false);
        plan = plan with { Placement = placement };
        plan = await Task.Run(() => Compare(fleet, controller, content, size, plan, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (fleet.FindNoRoom(source.Name, size.Least, size.MemoryBytes) is { } problem)
        {
            return plan with { Action = PlanAction.Refuse, Reason = problem };
        }

        return placement.MaxInstances >= size.Most ? plan : plan with
        {
            Action = PlanAction.Refuse,
            Reason = "the backend cannot run that many instances of it",
            Problems = plan.Problems.Add(Deploy.Placement.Refusal(content.Spec, size.Most, placement)),
        };
    }

    private static async Task<PlacementAnswer> AskAsync(IInstanceHost host, RevisionContent content, int wanted, CancellationToken cancellationToken)
    {
        var question = new PlacementPlan(content.Plugin, content.Spec.StartServerCmd, content.Spec.Port, wanted);
        return await host.CheckPlacementAsync(question, cancellationToken).ConfigureAwait(false);
    }

    private static DeploymentPlan Compare(
        DeploymentFleet fleet, DeploymentController? controller, RevisionContent content, FleetSize size, DeploymentPlan plan, CancellationToken cancellationToken)
    {
        fleet.Services.Revisions.RequireApart(content.Folder);
        var files = FolderListing.ReadPlugin(content.Folder, cancellationToken);
        var (id, runtime) = RevisionDigest.Of(content, files);
        var foreseen = controller?.Foresee(size.ToGoal(id, size.Most, "") with { Runtime = runtime }) ?? PlanAction.Deploy;
        var kept = controller?.Snapshot.Revisions.FirstOrDefault(r => r.Id == id);
        var action = foreseen == PlanAction.Deploy && kept is not null && id != plan.Against ? PlanAction.Return : foreseen;
        plan = plan with { Action = action, Revision = id, Kept = kept, Reason = Explain(action, plan, id, kept) };
        if (plan.Against is not { } against || against == id)
        {
            return plan;
        }

        var before = controller!.FindRevision(against)?.Stored ?? fleet.Services.Revisions.Load(content.Plugin, against);
        return plan with
        {
            Http = RevisionComparison.Http(before.Spec, content.Spec),
            Manifest = RevisionComparison.Manifest(before.Manifest, content.Manifest),
            Files = RevisionComparison.Files(FolderListing.Read(before.Files, null, cancellationToken), files),
            Environment = RevisionComparison.Environment(before.Environment, content.Environment),
        };
    }

    private static string Explain(PlanAction action, DeploymentPlan plan, RevisionId id, RevisionSnapshot? kept)
    {
        var from = plan.Against is { } against ? $"revision {against.Short} is wanted now" : "nothing is deployed";
        var fate = kept switch
        {
            { Failure: { } failure } => $"; revision {id.Short} was given up before: {failure}",
            { WithdrawnAt: not null } => $"; somebody went back from revision {id.Short} by hand",
            _ => "",
        };
        return action switch
        {
            PlanAction.Nothing => $"revision {id.Short} is wanted already; equal content is the same revision",
            PlanAction.Scale => $"revision {id.Short} is wanted already, with {plan.InstancesNow} instance(s) instead of {plan.Instances}",
            PlanAction.Page => $"revision {id.Short} differs from {plan.Against?.Short} in explain alone{fate}",
            PlanAction.Return => $"revision {id.Short} is kept; {from}{fate}",
            _ => $"revision {id.Short} is to serve; {from}{fate}",
        };
    }
}
