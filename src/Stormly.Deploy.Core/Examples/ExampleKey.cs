using Stormly.Deploy.Model;

namespace Stormly.Deploy.Examples;

/// <summary>One example of one input, told by its value: examples that are learned change their places.</summary>
/// <param name="Tab">The place of its tab.</param>
/// <param name="Input">The input's name.</param>
/// <param name="Value">The example.</param>
internal readonly record struct ExampleKey(int Tab, string Input, RawJson Value);
