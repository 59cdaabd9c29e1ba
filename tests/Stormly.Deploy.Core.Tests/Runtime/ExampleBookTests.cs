using Microsoft.Extensions.Logging.Abstractions;
using Stormly.Deploy.Core.Tests;
using Stormly.Deploy.Examples;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>Examples that still run while their plugin is removed: nothing of them comes back.</summary>
public sealed class ExampleBookTests : IDisposable
{
    private static readonly PluginName Churn = PluginName.Parse("churn");
    private static readonly RevisionId Revision = new(new string('a', 64));
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TemporaryFolder _home = new();
    private readonly StateFolder _state;

    public ExampleBookTests() => _state = StateFolder.Open(Path.Combine(_home.Path, "state"));

    private string FilePath => Path.Combine(_state.Path, "examples", "churn.json");

    public void Dispose()
    {
        _state.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void Save_AdmittedPlugin_IsReadBackByTheNextBook()
    {
        var book = MakeBook();
        book.Admit(Churn);
        book.Note(Churn, Revision, Result());
        book.NoteComplete(Churn, Revision, Now);

        book.Save(Churn);

        var next = MakeBook();
        next.Admit(Churn);
        Assert.Equal(Now, next.CompleteAt(Churn, Revision));
        Assert.True(next.HasAll(Churn, Revision, Result().Run, Now));
    }

    [Fact]
    public void Note_AfterForget_IsNeitherKeptNorWritten()
    {
        var book = MakeBook();
        book.Admit(Churn);
        book.Note(Churn, Revision, Result());
        book.Save(Churn);
        book.Forget(Churn);
        Assert.False(File.Exists(FilePath));

        book.Note(Churn, Revision, Result());
        book.NoteComplete(Churn, Revision, Now);
        book.Save(Churn);

        Assert.False(File.Exists(FilePath));
        book.Admit(Churn);
        Assert.Null(book.CompleteAt(Churn, Revision));
        Assert.False(book.HasAll(Churn, Revision, Result().Run, Now));
    }

    /// <summary>Whoever makes documents of it sees at once that nothing has changed.</summary>
    [Fact]
    public void Find_NothingCameSince_IsTheSameArray()
    {
        var explanation = new PluginExplanation { Tabs = [new ExplainedTab { Inputs = [new ExplainedInput { Name = "a", Required = true, Examples = [RawJson.FromText("1")] }] }] };
        var book = MakeBook();
        book.Admit(Churn);
        book.Note(Churn, Revision, Result());
        var first = book.Find(Churn, Revision, explanation);
        Assert.True(Assert.Single(first).Passed);

        Assert.True(first == book.Find(Churn, Revision, explanation));
        Assert.False(first == book.Find(Churn, Revision, explanation with { }));

        book.Note(Churn, Revision, Result() with { Problem = "it failed" });
        Assert.Equal("it failed", Assert.Single(book.Find(Churn, Revision, explanation)).Detail);
    }

    /// <summary>Writes that have begun wait for one another while the plugin is removed: whichever comes last leaves nothing.</summary>
    [Fact]
    public async Task Save_AtTheSameTimeAsForget_LeavesNoFile()
    {
        const int Writers = 4;
        var book = MakeBook();
        for (var round = 0; round < 50; round++)
        {
            book.Admit(Churn);
            book.Note(Churn, Revision, Result());
            using var begun = new CountdownEvent(Writers);
            var saving = Enumerable.Range(0, Writers).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    begun.Signal();
                    book.Save(Churn);
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToArray();
            begun.Wait(TestContext.Current.CancellationToken);

            book.Forget(Churn);

            await Task.WhenAll(saving);
            Assert.False(File.Exists(FilePath));
        }
    }

    private static ExampleResult Result()
        => new(new ExampleRun(0, [new ExampleKey(0, "a", RawJson.FromText("1"))], RawJson.FromText("{}"), Needed: true), Now, TimeSpan.FromMilliseconds(3), null, null);

    private ExampleBook MakeBook() => new(new StatisticsStore(_state), NullLogger.Instance);
}
