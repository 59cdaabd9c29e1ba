using System.Buffers;
using System.Text;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Simulation;

/// <summary>Sends many random and hostile bodies to one contract, and compares every answer with the oracle's.</summary>
internal static class BodyCampaign
{
    public const int MaxDepth = 64;
    public const int MaxBodyBytes = 4096;

    /// <summary>What the plugin takes.</summary>
    public static readonly (string Name, string Type, bool Required)[] Inputs =
    [
        ("user_created", "any", true), ("feature_b", "boolean", true), ("feature_i", "integer", false), ("feature_f", "float", false), ("feature_s", "string", false),
    ];

    /// <summary>Runs it.</summary>
    /// <param name="seed">Where the bodies come from: the same seed makes the same ones.</param>
    /// <param name="count">How many.</param>
    /// <param name="progress">Told every 10,000 bodies; may be null.</param>
    /// <returns>How often each kind of answer was right, and every wrong answer in words, at most 20.</returns>
    public static (IReadOnlyDictionary<BodyAnswerKind, int> Right, IReadOnlyList<string> Wrong) Run(ulong seed, int count, Action<int>? progress = null)
    {
        var contract = MakeContract();
        var maker = new BodyMaker(seed);
        var output = new ArrayBufferWriter<byte>(2 * MaxBodyBytes);
        var right = Enum.GetValues<BodyAnswerKind>().ToDictionary(k => k, _ => 0);
        var wrong = new List<string>();
        for (var i = 0; i < count && wrong.Count < 20; i++)
        {
            var body = maker.Next();
            var expected = BodyOracle.Decide(body);
            output.ResetWrittenCount();
            var check = contract.WriteRequestBody(body, output, DateTimeOffset.UnixEpoch);
            if (Difference(expected, check, output.WrittenSpan) is { } difference)
            {
                wrong.Add($"seed {seed}, body {i}: {difference}, for {Encoding.Latin1.GetString(body.AsSpan(0, Math.Min(body.Length, 300)))}");
            }
            else
            {
                right[expected.Kind]++;
            }

            if (i % 10_000 == 9_999)
            {
                progress?.Invoke(i + 1);
            }
        }

        return (right, wrong);
    }

    private static string? Difference(BodyAnswer expected, RequestCheck check, ReadOnlySpan<byte> output)
    {
        if (!check.IsOk && !output.IsEmpty)
        {
            return "something was written for a refused body";
        }

        var pointers = check.Problems.Select(p => p.Pointer).Order(StringComparer.Ordinal).ToList();
        // A text that does not begin as an object is refused for that, whatever else is wrong with it.
        var notJson = check.Problems is [{ Rule: var rule }] && (rule.StartsWith("is not JSON", StringComparison.Ordinal) || rule == "must be a JSON object");
        var seen = $"{(check.IsOk ? "accepted" : "refused")} {string.Join(' ', pointers)}";
        return expected.Kind switch
        {
            BodyAnswerKind.TooLarge => check.IsTooLarge ? null : $"must be too large, was {seen}",
            BodyAnswerKind.NotJson => notJson ? null : $"must be no JSON, was {seen}",
            BodyAnswerKind.Repeated => !check.IsOk && check.Problems.Any(p => p.Rule.Contains("twice", StringComparison.Ordinal) || p.Rule.Contains("only once", StringComparison.Ordinal)) ? null : $"must be refused for a name that stands twice, was {seen}",
            BodyAnswerKind.Refused => pointers.SequenceEqual(expected.Wrong) ? null : $"must be refused for {string.Join(' ', expected.Wrong)}, was {seen}",
            _ when !check.IsOk => $"must be accepted, was {seen}",
            _ => DifferenceOfProps(expected.Props, output),
        };
    }

    private static string? DifferenceOfProps(IReadOnlyList<(string Name, string Value)> expected, ReadOnlySpan<byte> output)
    {
        using var document = JsonDocument.Parse(output.ToArray());
        var props = document.RootElement.GetProperty("props").EnumerateObject().Select(m => (m.Name, Value: m.Value.GetRawText())).ToList();
        return props is [("now", "0"), ..] && props.Skip(1).SequenceEqual(expected) ? null : $"must pass on {string.Join(' ', expected)}, passed on {string.Join(' ', props)}";
    }

    private static RequestContract MakeContract()
    {
        var features = Inputs.Where(i => i.Type != "any").Select(i => new FeatureDescriptor
        {
            Key = i.Name,
            NativeType = Enum.Parse<NativeType>(i.Type, ignoreCase: true),
        }).ToList();
        var inputs = Inputs.Select(i => new ExplainedInput { Name = i.Name, Required = i.Required, Feature = features.Find(f => f.Key == i.Name) });
        return RequestContract.Create(
            new PluginExplanation { Tabs = [new ExplainedTab { Inputs = [.. inputs] }] }, [.. features], new RequestOptions { MaxBodyBytes = MaxBodyBytes, MaxDepth = MaxDepth });
    }
}
