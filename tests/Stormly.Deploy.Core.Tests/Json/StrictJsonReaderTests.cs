using System.Text;
using System.Text.Json;
using Stormly.Deploy.Json;

namespace Stormly.Deploy.Core.Tests.Json;

public sealed class StrictJsonReaderTests
{
    private const string Text = """{"a":"x\ud800","\udc00":[1],"b":1,"\u0062":2,"\udc00":3,"c":"\ud83d\ude00"}""";

    [Fact]
    public void Read_HalfPair_EndsTheReadingWithItsPlace()
    {
        var (seen, fault) = ReadAll(Text, goesOn: false);

        Assert.Equal(["a"], seen);
        Assert.Equal(new JsonFault(JsonFaultKind.LoneSurrogate, Text.IndexOf('\\', StringComparison.Ordinal)), fault);
    }

    [Fact]
    public void Read_HalfPairAndDuplicateThatAreToldOnly_AreAllSeen()
    {
        var (seen, fault) = ReadAll(Text, goesOn: true);

        Assert.Equal(["a", "half text", "half name", "b", "b twice", "half name", "c"], seen);
        Assert.Equal(default, fault);
    }

    [Theory]
    [InlineData("[[1]]", 2, JsonFaultKind.None, 0)]
    [InlineData("[[[1]]]", 2, JsonFaultKind.TooDeep, 2)]
    [InlineData("[1,\n[x]]", 9, JsonFaultKind.Syntax, 5)]
    [InlineData("", 9, JsonFaultKind.Empty, 0)]
    public void Read_Fault_IsAValueWithItsByte(string text, int maxDepth, object kind, int offset)
        => Assert.Equal(new JsonFault((JsonFaultKind)kind, offset), ReadAll(text, goesOn: false, maxDepth).Fault);

    private static (List<string> Seen, JsonFault Fault) ReadAll(string text, bool goesOn, int maxDepth = 64)
    {
        var seen = new List<string>();
        var json = new StrictJsonReader(Encoding.UTF8.GetBytes(text), maxDepth, goesOn);
        try
        {
            while (json.Read())
            {
                if (json.TokenType == JsonTokenType.PropertyName)
                {
                    seen.Add(json.HasHalfPair ? "half name" : Encoding.UTF8.GetString(json.Name) + (json.IsDuplicate ? " twice" : ""));
                }
                else if (json.TokenType == JsonTokenType.String && json.HasHalfPair)
                {
                    seen.Add("half text");
                }
            }

            return (seen, json.Fault);
        }
        finally
        {
            json.Dispose();
        }
    }
}
