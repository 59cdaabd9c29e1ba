using Stormly.Deploy.Model;

namespace Stormly.Deploy.Requests;

/// <summary>A value that the library adds to a request.</summary>
/// <param name="Input">The place of the feature among all inputs.</param>
/// <param name="Value">The value as JSON.</param>
internal readonly record struct FeatureMember(int Input, RawJson Value);
