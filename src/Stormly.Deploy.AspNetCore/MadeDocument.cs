using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using Stormly.Deploy.Documents;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A document as it is sent, and what it was made of.</summary>
/// <param name="Description">What it says.</param>
/// <param name="Text">The document in UTF-8.</param>
/// <param name="Tag">Stands for its content.</param>
internal sealed record MadeDocument(PluginDescription Description, ReadOnlyMemory<byte> Text, EntityTagHeaderValue Tag)
{
    private const int TagBytes = 16;

    /// <summary>Makes it.</summary>
    /// <param name="document">Which one.</param>
    /// <param name="description">What it says.</param>
    /// <param name="address">Where the plugin is reached.</param>
    /// <returns>The document.</returns>
    public static MadeDocument Make(ExplainDocument document, PluginDescription description, PluginAddress address)
    {
        var text = new ArrayBufferWriter<byte>();
        document.Write(description, address, text);
        return new(description, text.WrittenMemory, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(text.WrittenSpan).AsSpan(0, TagBytes))}\""));
    }

    /// <summary>Whether it says the same. What is learned or run makes new objects, so that nobody has to look into the old ones; where in doubt it is another.</summary>
    /// <param name="description">The description as it is now.</param>
    /// <returns>True where nothing has changed.</returns>
    public bool Says(PluginDescription description)
        => Description.Revision == description.Revision
            && ReferenceEquals(Description.Explanation, description.Explanation)
            && Description.Features == description.Features
            && Description.Verifications == description.Verifications
            && Description.LastAnswer == description.LastAnswer;
}
