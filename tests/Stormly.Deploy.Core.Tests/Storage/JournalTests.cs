using System.Text;
using CsCheck;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>One journal on a real disk.</summary>
public sealed class JournalTests : IDisposable
{
    private static readonly PluginName Churn = PluginName.Parse("churn");

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-journal-");

    private string Path => System.IO.Path.Combine(_home.FullName, "churn.journal");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    [Trait("Fault", "55")]
    public void Open_LastWriteTorn_CutsItOffWithANoteAndGoesOn()
    {
        var journal = Open();
        journal.Write(Document(1));
        var before = new FileInfo(Path).Length;
        journal.Write(Document(2));
        var whole = File.ReadAllBytes(Path);
        for (var length = before + 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..(int)length]);

            var (content, note) = New().Open();

            Assert.Equal("""{"x":1}""", Text(content!.Document));
            Assert.Contains($"'{Path}'", note, StringComparison.Ordinal);
            Assert.Contains($"at byte {before}", note, StringComparison.Ordinal);
            Assert.Equal(before, new FileInfo(Path).Length);
        }

        Open().Write(Document(3));
        Assert.Equal("""{"x":3}""", Text(New().Open().Content!.Document));
    }

    [Theory]
    [Trait("Fault", "55")]
    [InlineData("""{"n":1,"state":{}}""", """{"n":1,"state":{}}""", "record 2 (line 3", "stands twice")]
    [InlineData("""{"n":2,"state":{}}""", null, "record 1 (line 2", "a record is missing")]
    [InlineData("""{"n":1,"journal":1,"plugin":"churn"}""", null, "record 1 (line 2", "begins another journal")]
    [InlineData("""{"n":1""", null, "record 1 (line 2", "is not understood")]
    [InlineData("""[]""", null, "record 1 (line 2", "is not understood")]
    [InlineData("""{"n":1,"decisions":[{"seq":2,"at":"2026-01-01T00:00:00Z","kind":"Start","subject":"","what":"","why":""},{"seq":2,"at":"2026-01-01T00:00:00Z","kind":"Start","subject":"","what":"","why":""}]}""", null, "record 1 (line 2", "decision 2 after decision 2")]
    public void Open_RecordsThatDoNotFitTogether_IsRefusedAndUntouchedAndKeptBesideByTheNextWrite(string second, string? third, string where, string why)
    {
        var text = Frames("""{"n":0,"journal":1,"plugin":"churn"}""", second, third);
        File.WriteAllBytes(Path, text);
        var journal = New();

        var (content, _) = journal.Open();

        Assert.Null(content);
        Assert.All(new[] { Path, where, why, "backup", "deploy the plugin again" }, word => Assert.Contains(word, journal.Problem, StringComparison.Ordinal));
        Assert.Equal(text, File.ReadAllBytes(Path));
        Assert.Empty(journal.ReadDecisions(0));

        var told = journal.Write(Document(7));

        Assert.Contains(".corrupt-1", told, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllBytes(Path + ".corrupt-1"));
        Assert.Equal("""{"x":7}""", Text(New().Open().Content!.Document));
    }

    [Theory]
    [Trait("Fault", "55")]
    [InlineData("""{"n":0,"journal":2,"plugin":"churn"}""", "of version 2")]
    [InlineData("""{"n":0,"journal":1,"plugin":"other"}""", "names the plugin 'other'")]
    [InlineData("""{"n":0}""", "does not say what kind of file it is")]
    public void Open_AnotherVersionOrPlugin_IsRefused(string first, string why)
    {
        File.WriteAllBytes(Path, Frames(first));
        var journal = New();

        Assert.Null(journal.Open().Content);
        Assert.Contains(why, journal.Problem, StringComparison.Ordinal);
        Assert.True(File.Exists(Path));
    }

    [Fact]
    [Trait("Fault", "55")]
    public void Open_DecisionOfAKindThatOnlyANewerVersionKnows_IsLeftOut()
    {
        File.WriteAllBytes(Path, Frames("""{"n":0,"journal":1,"plugin":"churn"}""", """{"n":1,"decisions":[{"seq":1,"at":"2026-01-01T00:00:00Z","kind":"Teleport","subject":"s","what":"w","why":"y"},{"seq":2,"at":"2026-01-01T00:00:00Z","kind":"Start","subject":"s","what":"w","why":"y"}]}"""));

        Assert.Equal(2, Assert.Single(New().Open().Content!.Decisions).Sequence);
    }

    [Fact]
    public void Delete_Refused_MovesItAside()
    {
        File.WriteAllText(Path, "spoilt");
        var journal = New();
        journal.Open();

        journal.Delete();

        Assert.False(File.Exists(Path));
        Assert.Equal("spoilt", File.ReadAllText(Path + ".corrupt-1"));
    }

    /// <summary>Many decisions and documents: the file stays small, the newest decisions and the last document are there.</summary>
    [Fact]
    public void Write_AgainAndAgain_StaysWithinItsBounds()
    {
        var opening = Opening with { Decisions = 100, DecisionBytes = 64 << 10 };
        var journal = new Journal(Churn, Path, opening);
        var largest = 0L;
        for (var i = 1; i <= 1500; i++)
        {
            journal.Write(new StoreChange { Document = Encoding.UTF8.GetBytes($$"""{"x":{{i}},"y":"{{new string('y', 300)}}"}"""), Decisions = [Decision(i)] });
            largest = Math.Max(largest, new FileInfo(Path).Length);
        }

        Assert.InRange(largest, 64 << 10, Journal.Small + 2048);
        var (content, note) = new Journal(Churn, Path, opening).Open();
        Assert.Null(note);
        Assert.StartsWith("""{"x":1500,""", Text(content!.Document), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1401, 100).Select(i => Decision(i)), journal.ReadDecisions(0));
        Assert.Equal([1499L, 1500L], journal.ReadDecisions(1498).Select(d => d.Sequence));
        Assert.Empty(Directory.GetFiles(_home.FullName, "*.tmp"));
    }

    [Fact]
    public void ReadDecisions_TheyTakeTooMuchRoom_KeepsTheNewestThatFit()
    {
        var journal = new Journal(Churn, Path, Opening with { DecisionBytes = 1000 });
        journal.Write(new StoreChange { Decisions = [.. Enumerable.Range(1, 50).Select(i => Decision(i))] });

        var kept = journal.ReadDecisions(0);

        Assert.InRange(kept.Length, 2, 8);
        Assert.Equal(50, kept[^1].Sequence);
    }

    [Fact]
    [Trait("Fault", "50")]
    public void Write_FileOrItsEndIsGone_BeginsAnewWithWhatItKnows()
    {
        var journal = Open();
        journal.Write(Document(1));
        File.Delete(Path);
        journal.Write(new StoreChange { Decisions = [Decision(1)] });
        Assert.Equal("""{"x":1}""", Text(New().Open().Content!.Document));

        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..60]);
        journal.Write(Document(2));
        Assert.Equal("""{"x":2}""", Text(New().Open().Content!.Document));
    }

    [Fact]
    [Trait("Fault", "49")]
    public void Write_FolderIsGone_SaysWhereAndTheNextOneWorks()
    {
        var journal = Open();
        journal.Write(Document(1));
        Directory.Move(_home.FullName, _home.FullName + ".away");

        var error = Assert.Throws<StorageException>(() => journal.Write(Document(2)));

        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
        Directory.Move(_home.FullName + ".away", _home.FullName);
        Assert.Equal("""{"x":1}""", Text(New().Open().Content!.Document));
        journal.Write(Document(3));
        Assert.Equal("""{"x":3}""", Text(New().Open().Content!.Document));
    }

    /// <summary>What a failed write left behind the last whole record goes with the next write.</summary>
    [Fact]
    [Trait("Fault", "49")]
    public void Write_AfterAHalfWrittenRecord_OverwritesIt()
    {
        var journal = Open();
        journal.Write(Document(1));
        File.AppendAllText(Path, "0000");

        journal.Write(Document(2));

        Assert.Equal("""{"x":2}""", Text(New().Open().Content!.Document));
    }

    /// <summary>For any series of changes: after every prefix of the records the journal comes to exactly what was written until then, torn or not.</summary>
    [Fact]
    public void Of_AnyPrefix_ComesToTheStateAtThatTime()
        => Gen.Select(Gen.Int[0, 3].List[1, 12], Gen.Int[0, 30]).Sample((kinds, cut) =>
        {
            var (text, states, sequence) = (new List<byte>(JournalRecord.First(Churn).ToFrame()), new List<(int End, string Document, long[] Decisions)>(), 0L);
            var (document, decisions) = ("", new List<long>());
            for (var i = 0; i < kinds.Count; i++)
            {
                var change = new StoreChange
                {
                    Document = kinds[i] != 1 ? Encoding.UTF8.GetBytes($"{{\"x\":{i}}}") : null,
                    Decisions = [.. Enumerable.Range(0, kinds[i]).Select(_ => Decision((int)++sequence))],
                };
                text.AddRange(JournalRecord.Of(i + 1, change).ToFrame());
                document = change.Document.IsEmpty ? document : Text(change.Document);
                decisions.AddRange(change.Decisions.Select(d => d.Sequence));
                states.Add((text.Count, document, [.. decisions]));
            }

            foreach (var (end, expected, sequences) in states)
            {
                var length = Math.Min(end + cut, text.Count);
                var reached = states.Last(s => s.End <= length);
                var scan = JournalScan.Of(text.Take(length).ToArray());
                var content = JournalContent.Of(scan, Churn);
                Assert.Equal(reached.Document, Text(content.Document));
                Assert.Equal(reached.Decisions, content.Decisions.Select(d => d.Sequence));
                Assert.Equal(length > reached.End, scan.Torn is not null);
            }
        }, iter: 300);

    /// <summary>Every decision comes back as it was, whatever its words hold.</summary>
    [Fact]
    public void Write_AnyDecision_ReadsBackEqual()
        => Gen.Select(Gen.String, Gen.String, Gen.Enum<DecisionKind>(), Gen.Bool).Sample((what, why, kind, basis) =>
        {
            var decision = Decision(1) with
            {
                What = Whole(what),
                Why = Whole(why),
                Kind = kind,
                Basis = basis ? new DecisionBasis(Whole(why), Whole(what)).With("a", 1.5).With("b", Whole(what)) : null,
            };
            var scan = JournalScan.Of(JournalContent.Write(Churn, default, [decision], out _));
            Assert.Equal(decision, Assert.Single(JournalContent.Of(scan, Churn).Decisions));
        }, iter: 500);

    /// <summary>Half surrogate pairs are no text that JSON could hold.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static StoreOpening Opening => new() { StateFolder = "", Newest = 1000, Decisions = 1000, DecisionBytes = 1 << 20 };

    internal static DecisionRecord Decision(int sequence) => new(sequence, DateTimeOffset.UnixEpoch.AddSeconds(sequence), Churn, DecisionKind.Start, "churn-1", $"start {sequence}", "because");

    private static StoreChange Document(int x) => new() { Document = Encoding.UTF8.GetBytes($"{{\"x\":{x}}}") };

    private static string Text(ReadOnlyMemory<byte> text) => Encoding.UTF8.GetString(text.Span);

    private static byte[] Frames(params string?[] payloads) => [.. payloads.OfType<string>().SelectMany(p => JournalFrame.Write(Encoding.UTF8.GetBytes(p)))];

    private Journal New() => new(Churn, Path, Opening);

    private Journal Open()
    {
        var journal = New();
        if (File.Exists(Path))
        {
            journal.Open();
        }

        return journal;
    }
}
