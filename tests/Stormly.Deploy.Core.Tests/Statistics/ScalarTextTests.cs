using System.Text;
using System.Text.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Statistics;

namespace Stormly.Deploy.Core.Tests.Statistics;

public class ScalarTextTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.0", "1")]
    [InlineData("1e0", "1")]
    [InlineData("10E-1", "1")]
    [InlineData("0.1e+1", "1")]
    [InlineData("-0", "0")]
    [InlineData("0.000", "0")]
    [InlineData("0e99", "0")]
    [InlineData("-1.50", "-1.5")]
    [InlineData("100", "100")]
    [InlineData("1e2", "100")]
    [InlineData("0.00001", "0.00001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("123.456e5", "12345600")]
    [InlineData("1e21", "1e21")]
    [InlineData("123e20", "1.23e22")]
    [InlineData("1234567890123456789012", "1.234567890123456789012e21")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("1.0000000000000000000000000001", "1.0000000000000000000000000001")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e308")]
    public void Read_Number_HasOneText(string written, string expected) => Assert.Equal(expected, Read(written, NativeType.Unknown).Text);

    [Theory]
    [InlineData("\"NL\"", "\"NL\"")]
    [InlineData("\"\\u004eL\"", "\"NL\"")]
    [InlineData("\"a\\/b\"", "\"a/b\"")]
    [InlineData("\"S\\u00e3o \\ud83d\\ude00\"", "\"São 😀\"")]
    [InlineData("\"q\\\"b\\\\n\\n\\u0000\"", "\"q\\\"b\\\\n\\u000a\\u0000\"")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("\"NaN\"", "\"NaN\"")]
    [InlineData("true", "true")]
    public void Read_OtherScalar_HasOneText(string written, string expected)
    {
        var (text, number) = Read(written, NativeType.Unknown);

        Assert.Equal(expected, text);
        Assert.True(double.IsNaN(number));
        using var same = JsonDocument.Parse(text);
        using var original = JsonDocument.Parse(written);
        Assert.True(JsonElement.DeepEquals(original.RootElement, same.RootElement));
    }

    [Theory]
    [InlineData("null", NativeType.Unknown)]
    [InlineData("[1]", NativeType.Unknown)]
    [InlineData("{\"a\": 1}", NativeType.Unknown)]
    [InlineData("\"NaN\"", NativeType.Float)]
    [InlineData("\"1\"", NativeType.Integer)]
    [InlineData("1.5", NativeType.Integer)]
    [InlineData("1", NativeType.String)]
    [InlineData("1", NativeType.Boolean)]
    [InlineData("1e400", NativeType.Float)]
    [InlineData("1e-400", NativeType.Float)]
    [InlineData("1e99999999999999999999", NativeType.Unknown)]
    public void Read_WhatIsNoValueOfTheFeature_IsNotCounted(string written, NativeType type) => Assert.Equal("", Read(written, type).Text);

    [Fact]
    public void Read_HugeText_IsNotCounted()
    {
        Assert.Equal("", Read($"\"{new string('x', 200)}\"", NativeType.String).Text);
        Assert.Equal("", Read($"\"{new string('x', 1_000_000)}\"", NativeType.String).Text);
        Assert.Equal("", Read($"\"{string.Concat(Enumerable.Repeat("\\u0001", 50))}\"", NativeType.String).Text);
        Assert.Equal("", Read(new string('9', 100_000), NativeType.Integer).Text);
        Assert.Equal(100, Read($"\"{new string('x', 98)}\"", NativeType.String).Text.Length);
    }

    private static (string Text, double Number) Read(string json, NativeType type)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        Span<byte> output = stackalloc byte[100];
        ScalarText.Read(ref reader, type, output, out var length, out var number);
        return (Encoding.UTF8.GetString(output[..length]), number);
    }
}
