using Stormly.Deploy.Model;

namespace Stormly.Deploy;

/// <content>How many instances.</content>
internal sealed partial class PluginDeployments
{
    public Task<DeploymentSnapshot> ScaleAsync(string plugin, int instances, CancellationToken cancellationToken = default)
        => instances is < 1 or > 1000
            ? throw new PluginDeploymentException($"Plugin '{plugin}' cannot be scaled: the number of instances must be from 1 to 1000, was: {instances}.")
            : ScaleAsync(plugin, ScaleRange.Fixed(instances), cancellationToken);

    public async Task<DeploymentSnapshot> ScaleAsync(string plugin, ScaleRange range, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (range.Problem is { } problem)
        {
            throw new PluginDeploymentException($"Plugin '{plugin}' cannot be scaled: the range must {problem}, was: {range}.");
        }

        var fleet = await EnsureBackendAsync(cancellationToken).ConfigureAwait(false);
        var name = PluginName.Parse(plugin);
        Task<DeploymentSnapshot> call;
        using (await _gates.EnterAsync(name, cancellationToken).ConfigureAwait(false))
        {
            var controller = fleet.Find(plugin) ?? throw new PluginDeploymentException($"There is no deployment of plugin '{plugin}'.");
            var wanted = controller.Snapshot.WantedRevision is { } id ? controller.FindRevision(id) : null;
            if (wanted is null)
            {
                throw new PluginDeploymentException($"Plugin '{plugin}' cannot be scaled: nothing of it is deployed.");
            }

            var size = FleetSize.Of(controller.Goal).Between(range);
            await using var room = fleet.ClaimRoom(name, size.Least, size.MemoryBytes).ConfigureAwait(false);
            var goal = await Placement.CheckAsync(fleet.Services.Host, name, wanted.Stored.Spec, wanted.Stored.Id, size, cancellationToken).ConfigureAwait(false);
            call = controller.ScaleAsync(goal);
        }

        return await WaitAsync(call, cancellationToken).ConfigureAwait(false);
    }
}
