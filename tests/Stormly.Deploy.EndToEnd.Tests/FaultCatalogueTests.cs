using System.Text.RegularExpressions;

namespace Stormly.Deploy.EndToEnd;

/// <summary>docs/faults.md promises an outcome for every fault: each promise is shown by a test that names its number.</summary>
public sealed partial class FaultCatalogueTests
{
    [Fact]
    public void Catalogue_EveryFault_IsShownByATestOrMarkedPlanned()
    {
        var rows = File.ReadLines(Repository.PathOf("docs", "faults.md")).Select(line => Row().Match(line)).Where(match => match.Success).ToList();
        Assert.Equal(Enumerable.Range(1, 80), rows.Select(row => int.Parse(row.Groups["number"].Value, null)));

        var shown = NumbersNamedByTests();
        var promised = rows.Where(row => row.Groups["state"].Value.Length == 0).Select(row => row.Groups["number"].Value);
        var withoutTest = promised.Where(number => !shown.Contains(number)).ToList();
        Assert.True(withoutTest.Count == 0, $"No test names these faults of docs/faults.md: {string.Join(' ', withoutTest)}.");
        Assert.Subset(rows.Select(row => row.Groups["number"].Value).ToHashSet(StringComparer.Ordinal), shown);
    }

    private static HashSet<string> NumbersNamedByTests()
        => Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Mark().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["number"].Value)
            .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^\| (?<number>\d+) \| .* \| .* \| ?(?<state>planned)? ?\|$", RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"Trait\(""Fault"", ""(?<number>\d+)""\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Mark();
}
