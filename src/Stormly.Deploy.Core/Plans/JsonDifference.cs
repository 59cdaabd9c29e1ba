using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Plans;

/// <summary>Finds the places where two checked JSON texts differ. Numbers and strings are compared as they are written, as a revision's digest does.</summary>
internal sealed class JsonDifference
{
    private const int LongestPointer = 400;

    private readonly ImmutableArray<JsonChange>.Builder _listed = ImmutableArray.CreateBuilder<JsonChange>();
    private readonly Func<string, bool>? _hides;
    private readonly Func<string, bool>? _skips;
    private int _count;

    private JsonDifference(Func<string, bool>? hides, Func<string, bool>? skips) => (_hides, _skips) = (hides, skips);

    /// <summary>Compares two values.</summary>
    /// <param name="before">The old one; null where there was none.</param>
    /// <param name="after">The new one; null where there is none.</param>
    /// <param name="pointer">Where both stand.</param>
    /// <param name="hides">Says of which places the values are not shown; null shows all.</param>
    /// <param name="skips">Says which places do not count at all; null counts all.</param>
    /// <returns>The differences.</returns>
    public static JsonChanges Between(RawJson? before, RawJson? after, string pointer = "", Func<string, bool>? hides = null, Func<string, bool>? skips = null)
    {
        if (before is null ? after is null : after is not null && before.Value.Equals(after.Value))
        {
            return JsonChanges.None;
        }

        var found = new JsonDifference(hides, skips);
        found.Compare(before, after, pointer);
        if (found._count == 0)
        {
            found.Add(pointer, ChangeKind.Rewritten, null, null);
        }

        return new JsonChanges(found._listed.ToImmutable(), found._count);
    }

    private void Compare(RawJson? before, RawJson? after, string pointer)
    {
        if (_skips?.Invoke(pointer) == true)
        {
            return;
        }

        if (before is not { } old)
        {
            Add(pointer, ChangeKind.Added, null, after);
        }
        else if (after is not { } now)
        {
            Add(pointer, ChangeKind.Removed, before, null);
        }
        else if (!old.Equals(now))
        {
            CompareBoth(old, now, pointer);
        }
    }

    private void CompareBoth(RawJson before, RawJson after, string pointer)
    {
        switch (RawToken.KindOf(before), RawToken.KindOf(after))
        {
            case (JsonTokenType.StartObject, JsonTokenType.StartObject):
                CompareObjects(before, after, pointer);
                break;
            case (JsonTokenType.StartArray, JsonTokenType.StartArray):
                CompareArrays(RawToken.Items(before), RawToken.Items(after), pointer);
                break;
            default:
                Add(pointer, ChangeKind.Changed, before, after);
                break;
        }
    }

    private void CompareObjects(RawJson before, RawJson after, string pointer)
    {
        var old = RawToken.Members(before).ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);
        foreach (var (key, value) in RawToken.Members(after))
        {
            Compare(old.Remove(key, out var was) ? was : null, value, Below(pointer, key));
        }

        foreach (var (key, value) in RawToken.Members(before).Where(m => old.ContainsKey(m.Key)))
        {
            Compare(value, null, Below(pointer, key));
        }
    }

    private void CompareArrays(List<RawJson> before, List<RawJson> after, string pointer)
    {
        for (var i = 0; i < Math.Max(before.Count, after.Count); i++)
        {
            Compare(i < before.Count ? before[i] : null, i < after.Count ? after[i] : null, Below(pointer, i.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static string Below(string pointer, string name) => pointer.Length > LongestPointer ? pointer : pointer + JsonPath.Member(name);

    private void Add(string pointer, ChangeKind kind, RawJson? before, RawJson? after)
    {
        if (_count++ < JsonChanges.MaxListed)
        {
            _listed.Add(new JsonChange(pointer, kind, Show(before, pointer), Show(after, pointer)));
        }
    }

    private string? Show(RawJson? value, string pointer) => value is { } shown && _hides?.Invoke(pointer) != true ? JsonText.Show(shown.Utf8.Span) : null;
}
