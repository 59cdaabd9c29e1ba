using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Explain;

/// <summary>The members of one object of an explanation; a null member counts as absent, a wrong one is warned about and counts as absent too.</summary>
internal sealed class ExplainMembers(string pointer, RawJson value, ProblemList problems)
{
    private readonly List<(string Key, RawJson Value)> _members = RawToken.Members(value);

    /// <summary>The member of a name; null where it is absent or null.</summary>
    public RawJson? Find(string name)
    {
        foreach (var (key, member) in _members)
        {
            if (key == name)
            {
                return RawToken.KindOf(member) == JsonTokenType.Null ? null : member;
            }
        }

        return null;
    }

    /// <summary>Warns about keys that mean nothing.</summary>
    public void WarnUnknown(IReadOnlyList<string> known)
    {
        foreach (var (key, member) in _members)
        {
            if (!known.Contains(key))
            {
                problems.Warning(pointer + JsonPath.Member(key), "is not a known key; it means nothing", NearMiss.Hint(key, known), member.Utf8.Span);
            }
        }
    }

    /// <summary>A text of bounded length; what is longer is cut.</summary>
    public string? Text(string name, int maxLength)
    {
        if (Find(name) is not { } member)
        {
            return null;
        }

        if (RawToken.TextOf(member) is not { } text)
        {
            Warn(name, "must be a string", "It is left out.", member);
            return null;
        }

        if (text.Length <= maxLength)
        {
            return text;
        }

        Warn(name, $"must have at most {maxLength} characters, this one has {text.Length}", "The rest is cut.", member);
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength), "…");
    }

    /// <summary>True or false.</summary>
    public bool? Flag(string name)
    {
        if (Find(name) is not { } member)
        {
            return null;
        }

        switch (RawToken.KindOf(member))
        {
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            default:
                Warn(name, "must be true or false", "It counts as true.", member);
                return null;
        }
    }

    /// <summary>A number from 0.0 to 1.0.</summary>
    public double? Share(string name)
    {
        if (Find(name) is not { } member)
        {
            return null;
        }

        var token = RawToken.Of(member);
        if (token.TokenType == JsonTokenType.Number && token.TryGetDouble(out var number) && number is >= 0 and <= 1)
        {
            return number;
        }

        Warn(name, "must be a number from 0.0 to 1.0", "It is left out.", member);
        return null;
    }

    /// <summary>The items of an array, bounded in number and size.</summary>
    public ImmutableArray<RawJson> Examples(string name)
        => Find(name) is not { } member ? [] : Examples(member, $"{pointer}/{name}", problems);

    /// <summary>The items of an array that stands at a pointer.</summary>
    public static ImmutableArray<RawJson> Examples(RawJson array, string pointer, ProblemList problems)
    {
        if (RawToken.KindOf(array) != JsonTokenType.StartArray)
        {
            problems.Warning(pointer, "must be an array of examples", "Write [ ... ]. It is left out.", array.Utf8.Span);
            return [];
        }

        var items = RawToken.Items(array);
        if (items.Count > ExplainLimits.MaxExamples)
        {
            problems.Warning(pointer, $"must have at most {ExplainLimits.MaxExamples} examples, this has {items.Count}", "The rest is left out.");
        }

        var examples = ImmutableArray.CreateBuilder<RawJson>();
        for (var i = 0; i < Math.Min(items.Count, ExplainLimits.MaxExamples); i++)
        {
            if (items[i].Utf8.Length <= ExplainLimits.MaxExampleBytes)
            {
                examples.Add(items[i]);
            }
            else
            {
                var rule = $"must have at most {ExplainLimits.MaxExampleBytes} bytes, this one has {items[i].Utf8.Length}";
                problems.Warning($"{pointer}/{i}", rule, "It is left out: choose a shorter example.", items[i].Utf8.Span);
            }
        }

        return examples.DrainToImmutable();
    }

    private void Warn(string name, string rule, string remedy, RawJson was) => problems.Warning($"{pointer}/{name}", rule, remedy, was.Utf8.Span);
}
