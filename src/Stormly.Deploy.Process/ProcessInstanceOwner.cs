using Microsoft.Extensions.Logging;

namespace Stormly.Deploy.Process;

/// <summary>What an instance needs of its host.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
/// <param name="DisposeGrace">How long it may take to end when nobody says otherwise.</param>
/// <param name="Forget">Called once everything of it has ended.</param>
/// <param name="LetGo">Called when it is to live on without the host application.</param>
internal sealed record ProcessInstanceOwner(TimeProvider Time, ILogger Logger, TimeSpan DisposeGrace, Action<ProcessInstance> Forget, Action<ProcessInstance> LetGo);
