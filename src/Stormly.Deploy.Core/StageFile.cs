namespace Stormly.Deploy;

/// <summary>The result of one stage as it was written.</summary>
/// <param name="Stage">The stage's name, e.g. <c>initial</c>.</param>
/// <param name="Origin">Where it comes from, for error messages, e.g. <c>results-initial.json</c>.</param>
/// <param name="Utf8">The results JSON.</param>
public sealed record StageFile(string Stage, string Origin, ReadOnlyMemory<byte> Utf8);
