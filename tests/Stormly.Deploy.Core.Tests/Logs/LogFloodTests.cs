using System.Text;

namespace Stormly.Deploy.Core.Tests.Logs;

/// <summary>The cap holds for every kind of writer, and the newest lines stay.</summary>
public class LogFloodTests(FloodFixture floods) : IClassFixture<FloodFixture>
{
    [Theory]
    [InlineData("python logging", true)]
    [InlineData("python logging-w", true)]
    [InlineData("python open-a", true)]
    [InlineData("python open-w", true)]
    [InlineData("python rotating", true)]
    [InlineData("python many-rotated", true)]
    [InlineData("python self-truncate", false)]
    [InlineData("python deleted", false)]
    [InlineData("shell >", true)]
    [InlineData("shell >>", true)]
    [InlineData("node a", true)]
    [InlineData("node w", true)]
    [Trait("Fault", "51")]
    public void Keeper_AnyWriterFloods_StaysWithinTheCapAndKeepsTheEnd(string writer, bool keepsTheEnd)
    {
        var flood = Find(writer);

        Assert.InRange(flood.PeakDiskBytes, 1, FloodFixture.CapBytes);
        Assert.True(flood.ExitCode == 0, flood.Errors);
        if (keepsTheEnd)
        {
            Assert.Equal([.. Enumerable.Range(31_800, 200).Select(n => $"{n:000000000}")], LastNumbers(flood.LogFile, 200));
        }
    }

    [Theory]
    [InlineData("yes >")]
    [InlineData("yes >>")]
    [Trait("Fault", "51")]
    public void Keeper_FloodAtFullSpeed_StaysWithinTheCapAndKeepsTheEnd(string writer)
    {
        var flood = Find(writer);

        Assert.InRange(flood.PeakDiskBytes, 1, FloodFixture.CapBytes);
        Assert.True(flood.ExitCode == 0, flood.Errors);
        Assert.Equal("0123456789012345678901234567890123456789", File.ReadLines(flood.LogFile).SkipLast(1).Last());
    }

    [Theory]
    [InlineData("python logging", true)]
    [InlineData("shell >>", true)]
    [InlineData("python open-w", false)]
    [InlineData("shell >", false)]
    public void Keeper_AfterCuts_ShortensTheFileOnlyWhereEveryWriterAppends(string writer, bool shortens)
    {
        var flood = Find(writer);

        // While it was written: once nobody writes any more, every log can be shortened.
        var length = flood.PeakLength;

        // A file system without the means to collapse keeps the length, with NULs in front: the promise is about disk.
        Assert.SkipWhen(shortens && length > FloodFixture.CapBytes && OperatingSystem.IsLinux() && Collapse.IsMissing(Path.GetDirectoryName(flood.LogFile)!), "the file system of the temporary folder cannot collapse a range");
        Assert.Equal(shortens, length <= FloodFixture.CapBytes);
    }

    private FloodResult Find(string writer)
    {
        var flood = floods.Of(writer);
        Assert.SkipWhen(flood is null, $"the program of the writer '{writer}' is not installed, or this is not Linux");
        return flood!;
    }

    // A writer that rotates may have begun a new file just before its end: the last lines are in the two newest files together.
    private static List<string> LastNumbers(string log, int count)
    {
        var files = new[] { log + ".1", log }.Where(File.Exists).Select(File.ReadAllBytes);
        var lines = Encoding.ASCII.GetString([.. files.SelectMany(b => b)]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines[^count..].Select(l => l.TrimStart('\0')[..9])];
    }
}
