using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>A deployment whose stored state cannot be trusted. The store keeps what is there untouched until the deployment is written anew, and even then beside it.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Message">What is wrong, where, and what to do, in words for the operator.</param>
public sealed record StoreProblem(PluginName Plugin, string Message);
