using System.Text;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Core.Tests.Requests;

public sealed class AnswerMemoryTests
{
    [Theory]
    [InlineData(LastAnswerSource.Nothing, null, null)]
    [InlineData(LastAnswerSource.StatusChecks, "{\"s\":1}", "{\"s\":1}")]
    [InlineData(LastAnswerSource.Requests, "{\"s\":1}", "{\"r\":1}")]
    public void Note_EachSource_KeepsWhatItMay(LastAnswerSource source, string? afterStatus, string? afterRequest)
    {
        var memory = new AnswerMemory(source);
        Assert.Null(memory.Newest);

        memory.NoteStatusCheck("{\"s\":1}"u8);
        Assert.Equal(afterStatus, memory.Newest?.ToString());

        memory.NoteRequest("{\"r\":1}"u8);
        Assert.Equal(afterRequest, memory.Newest?.ToString());
    }

    [Theory]
    [InlineData("OK")]
    [InlineData("")]
    [InlineData("true")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("\ufeff{}")]
    public void Note_NoGoodAnswer_LeavesTheOneBefore(string answer)
    {
        var memory = new AnswerMemory(LastAnswerSource.StatusChecks);
        memory.NoteStatusCheck("[1]"u8);

        memory.NoteStatusCheck(Encoding.UTF8.GetBytes(answer));

        Assert.Equal("[1]", memory.Newest?.ToString());
    }

    [Fact]
    public void Note_BeyondTheBounds_LeavesTheOneBefore()
    {
        var memory = new AnswerMemory(LastAnswerSource.StatusChecks);
        memory.NoteStatusCheck(Encoding.UTF8.GetBytes($"[\"{new string('a', AnswerMemory.MaxBytes - 4)}\"]"));
        Assert.Equal(AnswerMemory.MaxBytes, memory.Newest!.Value.Utf8.Length);
        var before = memory.Newest;

        memory.NoteStatusCheck(Encoding.UTF8.GetBytes($"[\"{new string('a', AnswerMemory.MaxBytes - 3)}\"]"));
        memory.NoteStatusCheck(Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65)));

        Assert.Equal(before, memory.Newest);
    }

    [Fact]
    public void Note_WhiteSpaceAround_IsNoPartOfTheAnswer()
    {
        var memory = new AnswerMemory(LastAnswerSource.StatusChecks);
        memory.NoteStatusCheck("\r\n {\"a\": 1}\n"u8);
        var first = memory.Newest!.Value;
        memory.NoteStatusCheck("{\"a\": 1}\n"u8);

        Assert.Equal("{\"a\": 1}", first.ToString());
        Assert.True(first.Utf8.Equals(memory.Newest!.Value.Utf8), "the same answer was copied again");
    }
}
