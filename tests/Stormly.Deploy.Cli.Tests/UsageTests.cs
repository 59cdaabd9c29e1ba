namespace Stormly.Deploy.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("stormly")]
    [InlineData("stormly", "frobnicate")]
    [InlineData("stormly check", "check")]
    [InlineData("stormly check", "check", "--jsn", "results.json")]
    [InlineData("stormly check", "check", "results.json", "--manifest")]
    [InlineData("stormly manifest", "manifest", "results.json")]
    [InlineData("stormly manifest", "manifest", "--manifest", "m.json")]
    public void Run_WrongCommandLine_ExitsWithTwoAndPointsToHelp(string command, params string[] args)
    {
        var run = ToolRun.Of(args);

        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.EndsWith($"Run '{command} --help' to see how it is used.{Environment.NewLine}", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "stormly")]
    [InlineData("check --help", "--json")]
    [InlineData("manifest --help", "--output")]
    public void Run_Help_SucceedsOnStandardOutput(string args, string word)
    {
        var run = ToolRun.Of(args.Split(' '));

        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains(word, run.Output, StringComparison.OrdinalIgnoreCase);
    }
}
