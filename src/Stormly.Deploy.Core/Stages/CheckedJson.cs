namespace Stormly.Deploy.Stages;

/// <summary>A document that passed <see cref="JsonCheck"/>.</summary>
/// <param name="Text">JSON with the same offsets as <paramref name="Written"/>; where a word of <see cref="NonFinite"/> stood there is a stand-in.</param>
/// <param name="Written">The text as written, without a byte order mark.</param>
internal sealed record CheckedJson(ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> Written);
