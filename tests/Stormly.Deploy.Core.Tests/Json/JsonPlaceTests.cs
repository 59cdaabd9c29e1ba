using System.Text;
using Stormly.Deploy.Json;

namespace Stormly.Deploy.Core.Tests.Json;

public sealed class JsonPlaceTests
{
    [Theory]
    [InlineData("""{"a":[0,{"b":§x}]}""", "/a/1/b")]
    [InlineData("""{"a":[0,§]}""", "/a/1")]
    [InlineData("""{"a":[0§ 1]}""", "/a/0")]
    [InlineData("""{"a":1,§}""", "")]
    [InlineData("""{"a":{§x""", "/a")]
    [InlineData("""[[],[§x""", "/1/0")]
    [InlineData("""{"a/b~c":{"\u0064":§x""", "/a~1b~0c/d")]
    [InlineData("""{"\ud800":§x""", "/\\ud800")]
    public void Find_Syntax_PointsToWhatStandsThereOrWasBegun(string marked, string pointer)
    {
        var offset = Encoding.UTF8.GetByteCount(marked[..marked.IndexOf('§', StringComparison.Ordinal)]);
        var text = Encoding.UTF8.GetBytes(marked.Replace("§", "", StringComparison.Ordinal));

        Assert.Equal(pointer, JsonPlace.Find(text, new JsonFault(JsonFaultKind.Syntax, offset), 64).Pointer);
    }

    [Fact]
    public void Find_LongNames_GiveAShortPointer()
    {
        var name = new string('n', 10_000);
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{{\"{name}\":", 20)) + "x");

        var pointer = JsonPlace.Find(text, new JsonFault(JsonFaultKind.Syntax, text.Length - 1), 64).Pointer;

        Assert.InRange(pointer.Length, 200, 700);
        Assert.EndsWith("/…", pointer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(3, 2, 1)]
    [InlineData(5, 2, 2)]
    [InlineData(6, 2, 3)]
    [InlineData(99, 2, 4)]
    public void Of_Offset_CountsLinesAndCharactersFromOne(int offset, int line, int column)
        => Assert.Equal((line, column), TextPosition.Of("ab\néxy"u8, offset));
}
