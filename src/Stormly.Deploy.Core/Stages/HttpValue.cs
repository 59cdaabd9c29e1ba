using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>One key of the merged <c>http</c> object with where its value comes from.</summary>
/// <param name="Key">The key, e.g. <c>port</c>.</param>
/// <param name="Value">The value's JSON text as the stage wrote it.</param>
/// <param name="Stage">The stage that set it last.</param>
/// <param name="Overrode">The stages whose values it replaced, oldest first; empty where there were none.</param>
public sealed record HttpValue(string Key, RawJson Value, string Stage, ImmutableArray<string> Overrode);
