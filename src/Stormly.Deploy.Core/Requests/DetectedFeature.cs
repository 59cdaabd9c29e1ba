using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Requests;

/// <summary>A value of a feature that the library has for one request.</summary>
/// <param name="Feature">The feature's key, e.g. <c>feature_acaa2cf5d</c>.</param>
/// <param name="Value">The value in the feature's native type.</param>
/// <param name="Source">Who supplied it.</param>
/// <param name="By">What it was taken from, in words for the end user, e.g. <c>country of the address</c>.</param>
public sealed record DetectedFeature(string Feature, RawJson Value, InputSource Source, string By);
