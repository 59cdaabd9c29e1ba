using System.Globalization;
using Stormly.Deploy.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Requests;

/// <summary>The words for everything that can be wrong with a caller's body.</summary>
internal static class RequestProblemText
{
    public static RequestProblem NotJson(JsonFault fault, ReadOnlySpan<byte> body, int maxDepth)
    {
        var place = JsonPlace.Find(body, fault, maxDepth);
        var what = JsonFaultText.Describe(fault, body, maxDepth);
        return new RequestProblem
        {
            Pointer = place.Pointer,
            Rule = string.Create(CultureInfo.InvariantCulture, $"is not JSON that can be read: {what} (line {place.Line}, column {place.Column})"),
            Remedy = """Send one JSON object in UTF-8: {"props": {...}}.""",
        };
    }

    public static RequestProblem NotAnObject(string pointer, ReadOnlySpan<byte> value) => new()
    {
        Pointer = pointer,
        Rule = "must be a JSON object",
        Remedy = pointer == "/context" ? "Send facts about the end user as an object, or leave it out." : """Send {"props": {...}}.""",
        Value = JsonText.Show(value),
    };

    public static RequestProblem NoProps() => new()
    {
        Pointer = "/props",
        Rule = "is required",
        Remedy = """Put the inputs into it: {"props": {...}}.""",
    };

    public static RequestProblem NotInProps(ReadOnlySpan<byte> quoted)
    {
        var name = JsonText.Unquote(quoted);
        var step = JsonPath.Member(name);
        return new RequestProblem
        {
            Pointer = step,
            Input = Shorten(name),
            Rule = "is not allowed beside props",
            Remedy = $"Put it inside props: /props{step}.",
        };
    }

    /// <summary>A name that stands twice in an object whose pointer is known.</summary>
    /// <param name="parent">The object.</param>
    /// <param name="quoted">The body from the name's opening quote on.</param>
    /// <returns>The problem.</returns>
    public static RequestProblem Duplicate(string parent, ReadOnlySpan<byte> quoted)
    {
        var name = JsonText.Unquote(quoted);
        return new RequestProblem
        {
            Pointer = parent + JsonPath.Member(name),
            Input = Shorten(name),
            Rule = "must stand only once in its object, also when it is written with escapes",
            Remedy = "Leave one of them out.",
        };
    }

    /// <summary>A name that stands twice somewhere inside a member's value.</summary>
    /// <param name="parent">The object that holds the member.</param>
    /// <param name="member">The body from the member's opening quote on.</param>
    /// <param name="quoted">The body from the name's opening quote on.</param>
    /// <returns>The problem.</returns>
    public static RequestProblem DuplicateInside(string parent, ReadOnlySpan<byte> member, ReadOnlySpan<byte> quoted) => new()
    {
        Pointer = parent + JsonPath.Member(JsonText.Unquote(member)),
        Rule = $"holds an object in which \"{Shorten(JsonText.Unquote(quoted))}\" stands twice",
        Remedy = "Leave one of them out.",
    };

    public static RequestProblem WrongType(KnownInput input, ReadOnlySpan<byte> value)
    {
        var (rule, remedy) = ValueRule.Describe(input.Type);
        return new RequestProblem
        {
            Pointer = "/props" + JsonPath.Member(input.Name),
            Input = Shorten(input.Name),
            Rule = rule,
            Remedy = remedy,
            Value = JsonText.Show(value),
            Explanation = input.Explanation,
        };
    }

    /// <summary>A required input that nobody supplied.</summary>
    /// <param name="input">The input.</param>
    /// <param name="tab">The title of the tab that requires it, where there are several.</param>
    /// <param name="isNull">Whether it was there, with null.</param>
    /// <param name="sent">A name that was sent and is probably meant to be it, with quotes; empty where there is none.</param>
    /// <returns>The problem.</returns>
    public static RequestProblem Missing(KnownInput input, string? tab, bool isNull, ReadOnlySpan<byte> sent)
    {
        var value = input.Type == NativeType.Unknown ? "" : " It " + ValueRule.Describe(input.Type).Rule + ".";
        var slip = sent.IsEmpty ? "" : $" {JsonText.Show(sent)} was sent: did you mean \"{Shorten(input.Name)}\"?";
        return new RequestProblem
        {
            Pointer = "/props" + JsonPath.Member(input.Name),
            Input = Shorten(input.Name),
            Rule = tab is null ? "is required" : $"is required for \"{tab}\", the way of calling that this request comes closest to",
            Remedy = (isNull ? "Send a value for it: null is none." : "Add it to props.") + value + slip,
            Value = isNull ? "null" : null,
            Explanation = input.Explanation,
        };
    }

    public static RequestProblem More(int count) => new()
    {
        Pointer = "",
        Rule = string.Create(CultureInfo.InvariantCulture, $"has {count} more problems that are not listed"),
        Remedy = "Mend those that are, and send it again.",
    };

    private static string Shorten(string name) => PrintableText.Escape(name, maxLength: JsonText.LongestShown);
}
