using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Examples;

/// <summary>One request that stands for one or more examples.</summary>
/// <param name="Tab">The place of its tab.</param>
/// <param name="Examples">What it shows to be right: every example whose request is this very one. At least one.</param>
/// <param name="Body">The caller's body.</param>
/// <param name="Needed">Whether it is run before a promotion: it shows examples of required inputs, or is a tab's first.</param>
internal sealed record ExampleRun(int Tab, ImmutableArray<ExampleKey> Examples, RawJson Body, bool Needed);
