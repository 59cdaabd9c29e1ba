using System.Buffers;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Manifests;

/// <summary>
/// Makes the manifest that a deployed plugin reads: the last stage's with <c>stage</c> = <c>server</c>, without <c>getUploadUrls</c> and <c>dataUrls</c>, and with
/// <c>options</c>. Everything else is copied byte for byte, layout included, so that digits, escapes, key order and big integers stay.
/// </summary>
public static class ServerManifest
{
    /// <summary>Writes the server manifest.</summary>
    /// <param name="manifest">The last stage's manifest; a server manifest itself comes out the same.</param>
    /// <param name="options">The merged <c>http.options</c>: takes the place of the manifest's own <c>options</c>, or stands last. Null: no <c>options</c> at all.</param>
    /// <param name="output">Takes the UTF-8 text.</param>
    public static void Write(PluginManifest manifest, RawJson? options, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(output);
        var copy = new Copy(manifest.Raw.Utf8.Span, output);
        var reader = new Utf8JsonReader(manifest.Raw.Utf8.Span, RawToken.ReaderOptions);
        reader.Read();
        var optionsOpen = options is not null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isOptions = reader.ValueTextEquals("options"u8);
            var isStage = reader.ValueTextEquals("stage"u8);
            var isLeftOut = reader.ValueTextEquals("getUploadUrls"u8) || reader.ValueTextEquals("dataUrls"u8) || (isOptions && options is null);
            var member = copy.Begin(ref reader);
            reader.Skip();
            member = member with { End = (int)reader.BytesConsumed };
            if (isLeftOut)
            {
                continue;
            }

            optionsOpen &= !isOptions;
            copy.Write(member, isStage ? "\"server\""u8 : isOptions ? options!.Value.Utf8.Span : copy.ValueOf(member));
        }

        copy.Finish(optionsOpen ? options!.Value.Utf8.Span : default, (int)reader.TokenStartIndex);
    }

    /// <summary>A member's places in the text: where the white space before its key begins, its key, its value, its end.</summary>
    private readonly record struct Member(int Lead, int Key, int KeyEnd, int Value, int End);

    /// <summary>Copies members with the layout that their author gave them.</summary>
    private ref struct Copy(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private Member? _last;

        public readonly ReadOnlySpan<byte> ValueOf(Member member) => _text[member.Value..member.End];

        public readonly Member Begin(ref Utf8JsonReader reader)
        {
            var key = (int)reader.TokenStartIndex;
            var keyEnd = key + reader.ValueSpan.Length + 2;
            reader.Read();
            return new Member(_text[..key].TrimEnd(" \t\r\n"u8).Length, key, keyEnd, (int)reader.TokenStartIndex, 0);
        }

        public void Write(Member member, scoped ReadOnlySpan<byte> value)
        {
            output.Write(_last is null ? "{"u8 : ","u8);
            output.Write(_text[member.Lead..member.Value]);
            output.Write(value);
            _last = member;
        }

        public readonly void Finish(scoped ReadOnlySpan<byte> options, int end)
        {
            if (!options.IsEmpty && _last is { } last)
            {
                output.Write(","u8);
                output.Write(_text[last.Lead..last.Key]);
                output.Write("\"options\""u8);
                output.Write(_text[last.KeyEnd..last.Value]);
                output.Write(options);
            }

            var close = _text[..end].TrimEnd(" \t\r\n"u8).Length;
            output.Write(_text[close..(end + 1)]);
        }
    }
}
