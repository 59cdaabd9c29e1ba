using Stormly.Deploy.Model;

namespace Stormly.Deploy.Core.Tests.Model;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain é 漢 😀", "plain é 漢 😀")]
    [InlineData("\u001b[31m", "\\u001b[31m")]
    [InlineData("a\u202Eb\u200F", "a\\u202eb\\u200f")]
    [InlineData("a\r\n\tb\0", "a\\u000d\\u000a\\u0009b\\u0000")]
    [InlineData("\u0085\u2028\u2029", "\\u0085\\u2028\\u2029")]
    public void Escape_Text_KeepsOnlyWhatCanBeShown(string text, string shown) => Assert.Equal(shown, PrintableText.Escape(text));

    [Fact]
    public void Escape_LoneSurrogate_IsReplaced() => Assert.DoesNotContain(PrintableText.Escape("a\uD800b"), char.IsSurrogate);

    [Fact]
    public void Escape_LongText_IsCutAndSaysSo() => Assert.Equal("aaa…", PrintableText.Escape(new string('a', 1000), maxLength: 3));
}
