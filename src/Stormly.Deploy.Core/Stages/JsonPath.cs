using System.Globalization;
using System.Text;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>Where a reader stands in a document, and which keys its open objects have had. Holds offsets into the text, no copies of it.</summary>
internal sealed class JsonPath
{
    private const int MaxShownKey = 200;

    private readonly Frame[] _frames = new Frame[JsonCheck.MaxDepth];
    private readonly JsonKeys _keys = new();
    private int _depth;

    /// <summary>How many objects and arrays are open.</summary>
    public int Depth => _depth;

    /// <summary>Opens an object or array.</summary>
    public void Open(bool isArray) => _frames[_depth++] = new Frame { IsArray = isArray, Index = -1, Keys = _keys.Open() };

    /// <summary>Closes the innermost object or array.</summary>
    public void Close() => _keys.Close(_frames[--_depth].Keys);

    /// <summary>A value begins: counts it where it stands in an array.</summary>
    public void Count()
    {
        if (_depth > 0 && _frames[_depth - 1].IsArray)
        {
            _frames[_depth - 1].Index++;
        }
    }

    /// <summary>The member before is over.</summary>
    public void ForgetKey() => _frames[_depth - 1].Key = default;

    /// <summary>A key is read.</summary>
    /// <returns>Whether its object has not had it yet.</returns>
    public bool TryKey(ReadOnlySpan<byte> text, ref Utf8JsonReader reader)
    {
        var key = JsonKeys.Key.Of(ref reader);
        ref var frame = ref _frames[_depth - 1];
        frame.Key = key;
        return _keys.TryAdd(ref frame.Keys, text, key);
    }

    /// <summary>Whether the document's root object is inside the given member now.</summary>
    public bool IsInside(ReadOnlySpan<byte> text, ReadOnlySpan<byte> member)
        => _depth > 0 && !_frames[0].IsArray && _frames[0].Key.IsText(text, member);

    /// <summary>The place as a JSON pointer, made printable.</summary>
    public string Pointer(ReadOnlySpan<byte> text)
    {
        var pointer = new StringBuilder();
        for (var i = 0; i < _depth; i++)
        {
            ref var frame = ref _frames[i];
            if (frame.IsArray && frame.Index >= 0)
            {
                pointer.Append(CultureInfo.InvariantCulture, $"/{frame.Index}");
            }
            else if (!frame.IsArray && frame.Key.Start > 0)
            {
                pointer.Append('/').Append(Segment(frame.Key.Text(text)));
            }
        }

        return pointer.ToString();
    }

    /// <summary>A key as a segment of a JSON pointer: escaped as RFC 6901 says, printable, and of bounded length.</summary>
    public static string Segment(string key)
        => PrintableText.Escape(key, maxLength: MaxShownKey).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private struct Frame
    {
        public bool IsArray;
        public int Index;
        public JsonKeys.Key Key;
        public JsonKeys.Range Keys;
    }
}
