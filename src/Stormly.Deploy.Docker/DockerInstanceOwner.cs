using Microsoft.Extensions.Logging;
using Stormly.Deploy.Docker.Engine;
using Stormly.Deploy.Docker.Watching;

namespace Stormly.Deploy.Docker;

/// <summary>What an instance needs of its host.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Calls">The engine's containers.</param>
/// <param name="Watcher">Who knows of ends.</param>
/// <param name="Release">Called once the instance is nothing that the backend has to end any more.</param>
internal sealed record DockerInstanceOwner(
    DockerHostOptions Options, TimeProvider Time, ILogger Logger, EngineClient Engine, ContainerCalls Calls, EngineWatcher Watcher, Action<DockerInstance> Release);
