using Stormly.Deploy.Model;

namespace Stormly.Deploy.Core.Tests.Model;

public sealed class PluginNameTests
{
    [Theory]
    [InlineData("churn")]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("my-model_2")]
    [InlineData("a--b__c")]
    [InlineData("console")]
    [InlineData("com")]
    [InlineData("com10")]
    [InlineData("nulls")]
    public void Parse_LegalName_IsKept(string text) => Assert.Equal(text, PluginName.Parse(text).ToString());

    [Theory]
    [Trait("Fault", "65")]
    [InlineData("", "must not be empty")]
    [InlineData(null, "must not be empty")]
    [InlineData("../evil", "'.'")]
    [InlineData("..", "'.'")]
    [InlineData("a/b", "'/'")]
    [InlineData("a\\b", "'\\'")]
    [InlineData("a\0", "U+0000")]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a b", "U+0020")]
    [InlineData("Churn", "'C'")]
    [InlineData("é", "'é'")]
    [InlineData("a\u202Eb", "U+202E")]
    [InlineData("١", "'١'")]
    [InlineData("a:b", "':'")]
    [InlineData("$(id)", "'$'")]
    [InlineData("-a", "begin and end")]
    [InlineData("a-", "begin and end")]
    [InlineData("_", "begin and end")]
    [InlineData("con", "device name")]
    [InlineData("nul", "device name")]
    [InlineData("com1", "device name")]
    [InlineData("lpt9", "device name")]
    [InlineData("CON", "'C'")]
    public void TryParse_HostileName_IsRefusedInPrintableWords(string? text, string word)
    {
        Assert.False(PluginName.TryParse(text, out var name, out var problem));

        Assert.Null(name);
        Assert.Contains(word, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(problem, c => char.IsControl(c) || char.IsSurrogate(c) || c == '\u202E');
        Assert.Throws<PluginDeploymentException>(() => PluginName.Parse(text!));
    }

    [Theory]
    [Trait("Fault", "65")]
    [InlineData(PluginName.MaxLength, true)]
    [InlineData(PluginName.MaxLength + 1, false)]
    [InlineData(300, false)]
    public void TryParse_Length_IsBounded(int length, bool legal) => Assert.Equal(legal, PluginName.TryParse(new string('a', length), out _, out _));

    [Fact]
    [Trait("Fault", "65")]
    public void TryParse_LoneSurrogate_IsRefusedInPrintableWords()
    {
        Assert.False(PluginName.TryParse("a\uD800", out _, out var problem));

        Assert.Contains("U+D800", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(problem, char.IsSurrogate);
    }
}
