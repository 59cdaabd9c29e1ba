using Stormly.Deploy.Logs;

namespace Stormly.Deploy.Core.Tests.Logs;

/// <summary>Searching a log and its rotation from the newest line back.</summary>
public sealed class LogSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _log;

    public LogSearchTests()
    {
        _log = _folder.File("plugin.log");
        File.WriteAllText(_log + ".2", "oldest Error\n");
        File.SetLastWriteTimeUtc(_log + ".2", DateTime.UnixEpoch);
        File.WriteAllText(_log + ".1", "older Error\nfine\n");
        File.WriteAllText(_log, "new error 1\nfine\nnew ERROR 2\n");
        File.WriteAllText(_folder.File("other"), "error elsewhere\n");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("error", false, true, new[] { "new ERROR 2", "new error 1", "older Error" })]
    [InlineData("error", false, false, new[] { "new error 1" })]
    [InlineData("er+or \\d$", true, true, new[] { "new ERROR 2", "new error 1" })]
    [InlineData("ERROR \\d$", true, false, new[] { "new ERROR 2" })]
    [InlineData("\\d$", false, true, new string[0])]
    public void Find_TextOrExpression_GivesTheNewestFirst(string text, bool isRegex, bool ignoreCase, string[] expected)
        => Assert.Equal(expected, LogSearch.Find(_log, new LogQuery { Text = text, IsRegex = isRegex, IgnoreCase = ignoreCase }, TestContext.Current.CancellationToken).Select(m => m.Line));

    [Fact]
    public void Find_AMatch_NamesFileAndOffset()
        => Assert.Equal(
            [new LogMatch("plugin.log", 17, "new ERROR 2"), new LogMatch("plugin.log", 0, "new error 1")],
            LogSearch.Find(_log, new LogQuery { Text = "error", MaxMatches = 2 }, TestContext.Current.CancellationToken));

    [Fact]
    public void Find_MaxBytes_LooksNoFurther()
        => Assert.Equal(["new ERROR 2"], LogSearch.Find(_log, new LogQuery { Text = "error", MaxBytes = 12 }, TestContext.Current.CancellationToken).Where(m => m.File == "plugin.log").Select(m => m.Line));

    [Theory]
    [InlineData("(")]
    [InlineData("(a)\\1")]
    [InlineData("(?=a)")]
    public void Find_ExpressionThatCannotBeMatchedInLinearTime_IsRefused(string text)
        => Assert.ThrowsAny<ArgumentException>(() => LogSearch.Find(_log, new LogQuery { Text = text, IsRegex = true }, TestContext.Current.CancellationToken));

    [Fact]
    public void Find_ExpressionThatExplodesElsewhere_Ends()
    {
        File.WriteAllText(_log, new string('a', 60_000) + "!\n");

        Assert.Empty(LogSearch.Find(_log, new LogQuery { Text = "^(a+)+$", IsRegex = true }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Find_Cancelled_Stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => LogSearch.Find(_log, new LogQuery { Text = "error" }, cancelled.Token).ToList());
    }

    [Fact]
    public void Find_NoLog_FindsNothing()
        => Assert.Empty(LogSearch.Find(_folder.File("none/plugin.log"), new LogQuery { Text = "error" }, TestContext.Current.CancellationToken));
}
