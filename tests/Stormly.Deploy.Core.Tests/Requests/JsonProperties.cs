using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;
using static Stormly.Deploy.Core.Tests.Requests.Contracts;

namespace Stormly.Deploy.Core.Tests.Requests;

/// <summary>What holds for every JSON text, on generated ones. A failure prints the seed that repeats it.</summary>
public sealed class JsonProperties
{
    private const int Depth = 64;

    private static readonly RequestContract Free = OneTab(null);

    private static readonly RequestContract Typed = OneTab(
        new RequestOptions { FillMissingFeatures = true },
        Input("user_created", explanation: "When"),
        Input("feature_b", feature: Feature("feature_b", NativeType.Boolean, "true")),
        Input("feature_i", required: false, feature: Feature("feature_i", NativeType.Integer)),
        Input("feature_s", required: false, feature: Feature("feature_s", NativeType.String, "\"x\"")));

    private static readonly byte[] Sample = Encoding.UTF8.GetBytes(
        """{"context":{"ip":"::1"},"props":{"user_created":1690000000.50,"feature_b":true,"n\u006fw":5,"feature_s":"S\u00e3o \ud83d\ude00 é😀","x":[1e-3,{"a":null,"b":[]}],"":{}}}""");

    /// <summary>What is damaged: a good body, and bodies that are wrong in several ways already.</summary>
    private static readonly byte[][] Samples =
    [
        Sample,
        Encoding.UTF8.GetBytes("""{"props":[{"a":1,"\u0061":2},{"b":"\ud83d\ude00"}],"x":{"y":1,"y":[[[[2]]]]},"props":{"now":1}}"""),
        Encoding.UTF8.GetBytes("""{"props":{"user_craeted":null,"feature_i":1e400,"feature_b":{"\\":1,"\\":2},"feature_s":[true,false,{"é":0.1,"\u00e9":1}],"now":{},"\u006eow":1},"context":0}"""),
        Encoding.UTF8.GetBytes("""[{"a":1,"a":2},"\ud800",NaN,{"b":[-Infinity]}]"""),
    ];

    private static readonly Gen<string> Space = Gen.OneOf("", "", "", " ", "\n\t", "\r\n ");

    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.Int.Select(i => i.ToString(CultureInfo.InvariantCulture)),
        Gen.Double.Where(double.IsFinite).Select(d => d.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Long, Gen.UInt, (l, u) => $"{l}.{u}"),
        Gen.Select(Gen.Int, Gen.OneOf("e", "E", "e+", "E-"), Gen.UInt, (i, e, u) => $"{i}{e}{u}"));

    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.OneOf("\\n", "\\\"", "\\\\", "\\/", "\\u0000", "\\u00E9", "\\ud83d\\ude00", "é", "€", "😀", "\u007f", "{", "[,:", "now", "props", "//"),
        Gen.Char[' ', '~'].Where(c => c is not ('"' or '\\')).Select(c => c.ToString()));

    private static readonly Gen<string> Text = Piece.Array[0, 12].Select(p => $"\"{string.Concat(p)}\"");

    private static readonly Gen<string> Scalar = Gen.OneOf(Number, Text, Gen.OneOf("true", "false", "null"));

    private static readonly Gen<string> Value = Gen.Recursive<string>(
        (level, value) => level > 4
            ? Scalar
            : Gen.Frequency((4, Scalar), (1, Array(value)), (1, Object(value))));

    [Fact]
    public void WriteRequestBody_AnyProps_ReachThePluginByteForByte()
        => Gen.Select(Object(Value), Space, Space).Sample(
            (props, before, after) =>
            {
                var inner = props[1..^1].Trim(' ', '\n', '\t', '\r');

                var output = Free.Accept($$"""{"props"{{before}}:{{after}}{{props}}}{{before}}""");

                return output == (inner.Length == 0 ? """{"props":{"now":1700000000}}""" : $$$"""{"props":{"now":1700000000,{{{inner}}}}}""");
            },
            iter: 5_000);

    [Fact]
    public void WriteRequestBody_AnyPropsWithNowSomewhere_LoseOnlyThat()
        => Gen.Select(Object(Value), Object(Value), Value, Gen.OneOf("now", "\\u006eow", "n\\u006fw", "no\\u0077")).Sample(
            (left, right, value, now) =>
            {
                string[] members = [Prefix(left, "l"), Prefix(right, "r")];
                var body = Encoding.UTF8.GetBytes($$$"""{"props":{{{{members[0]}}},"{{{now}}}":{{{value}}},{{{members[1]}}}}}""");

                var (check, output) = Free.Send(body);

                return check.IsOk && output == $$$"""{"props":{"now":1700000000,{{{members[0]}}},{{{members[1]}}}}}""";
            },
            iter: 3_000);

    [Fact]
    public void Check_AnyObjectOrArray_IsAcceptedAsTheFrameworkAcceptsIt()
        => Gen.OneOf(Object(Value), Array(Value)).Sample(
            text =>
            {
                var body = Encoding.UTF8.GetBytes(text);
                using var document = JsonDocument.Parse(body);
                return ResponseCheck.Check(body, Depth).IsOk;
            },
            iter: 5_000);

    [Fact]
    [Trait("Fault", "70")]
    public void WriteRequestBody_CutAtAnyByte_IsRefused()
    {
        Assert.True(Typed.Send(Sample).Check.IsOk);
        for (var length = 0; length < Sample.Length; length++)
        {
            var (check, output) = Typed.Send(Sample.AsSpan(0, length));

            Assert.False(check.IsOk, $"accepted when cut at {length}");
            Assert.StartsWith("is not JSON that can be read: ", Assert.Single(check.Problems).Rule, StringComparison.Ordinal);
            Assert.Equal("", output);
        }
    }

    [Fact]
    [Trait("Fault", "37")]
    public void Check_CutAtAnyByte_IsRefused()
    {
        Assert.True(ResponseCheck.Check(Sample, Depth).IsOk);
        for (var length = 0; length < Sample.Length; length++)
        {
            Assert.False(ResponseCheck.Check(Sample.AsSpan(0, length), Depth).IsOk, $"accepted when cut at {length}");
        }
    }

    [Fact]
    [Trait("Fault", "70")]
    [Trait("Fault", "37")]
    public void BothChecks_AnyDamage_IsAnswered()
        => Gen.Select(Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 5], Gen.Int[0, 10_000], Gen.Byte, Gen.OneOf(Samples)).Sample(
            (at, value, kind, other, second, sample) =>
            {
                var damaged = Damage(sample, at % sample.Length, value, kind, other % sample.Length, second);
                var (check, output) = Typed.Send(damaged);
                var verdict = ResponseCheck.Check(damaged, Depth);

                return check.IsOk
                    ? IsStrict(Encoding.UTF8.GetBytes(output)) && verdict.IsOk
                    : output.Length == 0 && !check.Problems.IsEmpty && (verdict.IsOk || check.Problems[0].ToString().Length < 600);
            },
            iter: 40_000);

    [Fact]
    [Trait("Fault", "37")]
    public void Check_AnyBytes_AgreesWithTheFrameworksReader()
        => Gen.OneOf((byte)'{', (byte)'}', (byte)'[', (byte)']', (byte)'"', (byte)':', (byte)',', (byte)'1', (byte)'-', (byte)'.', (byte)'e', (byte)' ', (byte)'\\', (byte)'u', (byte)'a', (byte)0xC3, (byte)0xA9, (byte)'\n').Array[0, 14].Sample(
            bytes => ResponseCheck.Check(bytes, Depth).IsOk == IsStrict(bytes),
            iter: 50_000);

    private static Gen<string> Array(Gen<string> value)
        => Gen.Select(value.Array[0, 4], Space, Space, (values, a, b) => $"[{a}{string.Join($"{b},{a}", values)}{b}]");

    private static Gen<string> Object(Gen<string> value)
        => Gen.Select(Gen.Select(Text, value).Array[0, 5], Space, Space, (members, a, b)
            => $"{{{a}{string.Join($"{b},{a}", members.Select((m, i) => $"\"{i}{m.Item1[1..]}{b}:{a}{m.Item2}"))}{b}}}");

    private static string Prefix(string props, string prefix) => $"\"{prefix}\":{props}";

    private static byte[] Damage(byte[] sample, int at, byte value, int kind, int other, byte second) => kind switch
    {
        0 => [.. sample[..at], value, .. sample[(at + 1)..]],
        1 => [.. sample[..at], value, second, .. sample[at..]],
        2 => [.. sample[..at], .. sample[(at + 1)..]],
        3 => [.. sample[..Math.Min(at, other)], .. sample[Math.Max(at, other)..]],
        4 => [.. sample[..at], .. sample[Math.Min(at, other)..]],
        _ => [.. sample[..at], (byte)"{}[],:\"\\u0n1-.e\n"[value % 16], .. sample[(at + (second % 2))..]],
    };

    /// <summary>The slow and certain way to the same answer.</summary>
    private static bool IsStrict(byte[] body)
    {
        try
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(body);
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = Depth, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array && HasWholeText(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    private static bool HasWholeText(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(p => p.Name.Length >= 0 && HasWholeText(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(HasWholeText),
        JsonValueKind.String => element.GetString() is not null,
        _ => true,
    };
}
