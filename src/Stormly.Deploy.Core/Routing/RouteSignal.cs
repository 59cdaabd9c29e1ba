using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>What the data plane tells the control plane.</summary>
/// <param name="Plugin">Whose deployment it is about.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Instance">The instance that it happened to; null for demand.</param>
/// <param name="Detail">What was seen, in words.</param>
internal sealed record RouteSignal(PluginName Plugin, RouteSignalKind Kind, InstanceId? Instance, string Detail);
