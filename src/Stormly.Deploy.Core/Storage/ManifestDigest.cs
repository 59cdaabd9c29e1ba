using System.Security.Cryptography;
using System.Text.Json;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Storage;

/// <summary>What of a manifest makes a revision: everything but <c>downloadUrls</c>, which expire and are signed anew.</summary>
internal static class ManifestDigest
{
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 256 };

    public static byte[] Of(PluginManifest manifest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = manifest.Raw.Utf8.Span;
        var reader = new Utf8JsonReader(text, Deep);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var left = reader.ValueTextEquals("downloadUrls"u8);
            var key = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!left)
            {
                FolderDigest.AddPart(hash, text[key..(int)reader.BytesConsumed]);
            }
        }

        return hash.GetHashAndReset();
    }
}
