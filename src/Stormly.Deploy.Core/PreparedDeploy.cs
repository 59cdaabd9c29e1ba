using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <summary>A revision that nothing speaks against, and the room that is kept for it until its deployment was told.</summary>
/// <param name="Goal">What is to serve.</param>
/// <param name="Revision">The stored revision.</param>
/// <param name="Room">The room.</param>
internal sealed record PreparedDeploy(FleetGoal Goal, RunnableRevision Revision, RoomClaim Room) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Room.DisposeAsync();
}
