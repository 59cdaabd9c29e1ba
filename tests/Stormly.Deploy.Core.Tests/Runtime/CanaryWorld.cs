using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

/// <summary>A played deployment that serves revision 1, and a canary of revision 2 beside it.</summary>
internal static class CanaryWorld
{
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static MachineWorld Serving(int wanted, Func<int, int>? status = null)
    {
        var world = new MachineWorld { Status = (n, _) => status?.Invoke(n) ?? 200 }.Deploy(1, wanted).Run(Minute);
        world.WatchReady();
        return world;
    }

    public static MachineWorld Try(MachineWorld world, CanarySpec? spec = null, int revision = 2)
        => world.Tell(new DeploymentEvent.CanaryWanted(MachineWorld.Goal(revision, 7), spec ?? new CanarySpec(), [2]));

    public static DeploymentEvent.CanaryRead Read(MachineWorld world, long requests, long failures)
        => new(world.State.Canary!.Window, new(requests, failures, TimeSpan.FromMilliseconds(20)), new(9000, 0, TimeSpan.FromMilliseconds(20)));

    public static List<InstanceState> Of(MachineWorld world, int revision) => [.. world.Ready.Where(i => i.Revision == MachineWorld.Revision(revision))];

    public static (int Stable, int Canary) Numbers(MachineWorld world) => (Of(world, 1).Count, Of(world, 2).Count);
}
