using CsCheck;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests.Stages;

/// <summary>What holds for the merge of any stages, whatever they say.</summary>
[Trait("Fault", "64")]
public sealed class MergeLawTests
{
    private static readonly Gen<string> Json = OneOf(
        "null", "1", "4.0", "1e-3", "-0.0", "12345678901234567890", "\"a\"", "\"\\u00e9\\/\"", "[]", "[1, 2.50]", "{ \"b\":1,\"a\" : null }", "true");

    private static readonly Gen<string> Key = OneOf("port", "statusPath", "requestPath", "startServerCmd", "options", "explain", "x", "Port", "__proto__", "");

    private static readonly Gen<Dictionary<string, string>> Stage = Gen.Dictionary(Key, Json)[0, 6];

    private static readonly Gen<List<Dictionary<string, string>>> Stages = Stage.List[1, 6];

    [Fact]
    public void Merge_AnyStages_EqualsLayingDictionariesOverEachOther()
        => Stages.Sample(stages => Assert.Equal(Overlay(stages).Where(k => k.Value != "null").OrderBy(k => k.Key, StringComparer.Ordinal), Merged(stages)));

    [Fact]
    public void Merge_IsAssociative()
        => Gen.Select(Stage, Stage, Stage).Sample((a, b, c) =>
        {
            var whole = Merged([a, b, c]);
            Assert.Equal(whole, Merged([Overlay([a, b]), c]));
            Assert.Equal(whole, Merged([a, Overlay([b, c])]));
        });

    [Fact]
    public void Merge_OneStageSplitIntoMany_IsTheSameObject()
        => Gen.Select(Stage, Gen.Int[1, 6]).Sample((stage, parts) =>
        {
            var split = stage.Chunk(parts).Select(c => c.ToDictionary()).ToList();
            Assert.Equal(Merged([stage]), Merged(split.Count == 0 ? [[]] : split));
        });

    [Fact]
    public void Merge_EmptyAndRepeatedStages_ChangeNothing()
        => Stages.Sample(stages =>
        {
            var whole = Merged(stages);
            Assert.Equal(whole, Merged([[], .. stages, []]));
            Assert.Equal(whole, Merged([.. stages, .. stages]));
        });

    [Fact]
    public void Merge_Provenance_NamesEveryStageThatSpoke()
        => Stages.Sample(stages =>
        {
            foreach (var value in Read(stages).Values)
            {
                var spoke = stages.Select((s, i) => (Spoke: s.ContainsKey(value.Key), Name: $"s{i + 1}")).Where(s => s.Spoke).Select(s => s.Name).ToList();
                Assert.Equal(spoke, value.Overrode.Append(value.Stage));
            }
        });

    [Fact]
    public void Merge_SpecIsThere_ExactlyWhereNoProblemIsAnError()
        => Stages.Sample(stages =>
        {
            var reading = Read(stages);
            Assert.Equal(reading.Spec is null, reading.Problems.Any(p => p.Severity == ProblemSeverity.Error));
        });

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static HttpSpecReading Read(IEnumerable<Dictionary<string, string>> stages)
        => ContractExamples.Merge([.. stages.Select(s => "{" + string.Join(" , ", s.Select(k => $"\"{k.Key}\" : {k.Value}")) + "}")]);

    private static IEnumerable<KeyValuePair<string, string>> Merged(IEnumerable<Dictionary<string, string>> stages)
        => Read(stages).Values.Select(v => KeyValuePair.Create(v.Key, v.Value.ToString())).OrderBy(k => k.Key, StringComparer.Ordinal);

    /// <summary>The model: dictionaries laid over each other, nulls kept so that they still remove what comes before.</summary>
    private static Dictionary<string, string> Overlay(IEnumerable<Dictionary<string, string>> stages)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in stages.SelectMany(s => s))
        {
            all[key] = value;
        }

        return all;
    }
}
