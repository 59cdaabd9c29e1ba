using Stormly.Deploy.Model;

namespace Stormly.Deploy.Hosts;

/// <summary>What the library intends to run of one plugin.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="StartCommand">Its command line.</param>
/// <param name="DeclaredPort">The port that its results give.</param>
/// <param name="Instances">How many instances are wanted at once, without any surge.</param>
public sealed record PlacementPlan(PluginName Plugin, string StartCommand, int DeclaredPort, int Instances);
