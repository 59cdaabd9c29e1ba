using System.Text;
using System.Text.Json;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests.Stages;

public sealed class HttpRulesTests
{
    [Theory]
    [Trait("Fault", "63")]
    [InlineData("\"5000\"", "without quotes")]
    [InlineData("5000.0", "without a fraction")]
    [InlineData("1e3", "without an exponent")]
    [InlineData("1E3", "without an exponent")]
    [InlineData("5.0e3", "without an exponent")]
    [InlineData("0", "5000 is Flask's")]
    [InlineData("-1", "5000 is Flask's")]
    [InlineData("-0", "5000 is Flask's")]
    [InlineData("65536", "5000 is Flask's")]
    [InlineData("99999999999999999999", "5000 is Flask's")]
    [InlineData("true", "listens on")]
    [InlineData("[5000]", "listens on")]
    [InlineData("{}", "listens on")]
    public void Merge_BadPort_IsRefusedWithItsOwnRemedy(string port, string remedy)
    {
        var problem = SingleError(ContractExamples.Http(("port", port)));

        Assert.Equal(("s1", "results-s1.json", "/http/port", port), (problem.Stage, problem.Origin, problem.Pointer, problem.Value));
        Assert.Equal("must be an integer from 1 to 65535", problem.Rule);
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("65535", 65535)]
    public void Merge_PortAtTheEdges_IsTaken(string json, int port)
        => Assert.Equal(port, ContractExamples.Merge(ContractExamples.Http(("port", json))).Spec!.Port);

    [Theory]
    [Trait("Fault", "63")]
    [InlineData("predict", "must begin with '/'")]
    [InlineData("", "must be a path")]
    [InlineData("http://evil/predict", "must be a path, not an address")]
    [InlineData("//evil/predict", "must not begin with '//'")]
    [InlineData("/\\evil", "must not hold a backslash")]
    [InlineData("\\evil", "must begin with '/'")]
    [InlineData("/a/../b", "must not have the segment '..'")]
    [InlineData("/..", "must not have the segment '..'")]
    [InlineData("/a/.", "must not have the segment '.'")]
    [InlineData("/%2e%2E/b", "must not have the segment '..'")]
    [InlineData("/.%2e", "must not have the segment '..'")]
    [InlineData("/%2E", "must not have the segment '.'")]
    [InlineData("/a%2fb", "must not hold '/' in percent-encoding")]
    [InlineData("/a%5Cb", "must not hold '\\' in percent-encoding")]
    [InlineData("/a%0d%0ab", "must not hold the character U+000D in percent-encoding")]
    [InlineData("/a%00", "must not hold the character U+0000 in percent-encoding")]
    [InlineData("/a%7f", "must not hold the character U+007F in percent-encoding")]
    [InlineData("/a%", "two hex digits")]
    [InlineData("/a%4", "two hex digits")]
    [InlineData("/a%zz", "two hex digits")]
    [InlineData("/a?x=1", "must not have a query")]
    [InlineData("/a#x", "must not have a fragment")]
    [InlineData("/a\r\nHost: evil", "must not hold a line break")]
    [InlineData("/a\nb", "must not hold a line break")]
    [InlineData("/a b", "must not hold the character U+0020")]
    [InlineData("/a\0b", "must not hold the character U+0000")]
    [InlineData("/é", "must not hold 'é'")]
    [InlineData("/\u202Eb", "must not hold the character U+202E")]
    [InlineData("/<script>", "must not hold '<'")]
    public void Merge_BadPath_IsRefusedWithItsOwnRule(string path, string rule)
    {
        foreach (var key in new[] { "statusPath", "requestPath" })
        {
            var problem = SingleError(ContractExamples.Http((key, JsonSerializer.Serialize(path))));

            Assert.Equal($"/http/{key}", problem.Pointer);
            Assert.Contains(rule, problem.Rule, StringComparison.Ordinal);
            Assert.NotEmpty(problem.Remedy);
            Assert.DoesNotContain(problem.ToString(), char.IsControl);
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[\"/a\"]")]
    [InlineData("false")]
    public void Merge_PathThatIsNoText_IsRefused(string json)
        => Assert.Contains("must be a path that begins with '/'", SingleError(ContractExamples.Http(("statusPath", json))).Rule, StringComparison.Ordinal);

    [Theory]
    [InlineData("/")]
    [InlineData("/predict")]
    [InlineData("/v1/models/a-b_c~d/predict/")]
    [InlineData("/a//b")]
    [InlineData("/...")]
    [InlineData("/.well-known/x")]
    [InlineData("/%20%C3%A9%25")]
    [InlineData("/a:b@c!$&'()*+,;=")]
    public void Merge_GoodPath_IsTakenAsWritten(string path)
        => Assert.Equal(path, ContractExamples.Merge(ContractExamples.Http(("requestPath", JsonSerializer.Serialize(path)))).Spec!.RequestPath);

    [Fact]
    public void Merge_LongPath_IsRefusedAboveTheLimit()
    {
        var longest = "/" + new string('a', PathRule.MaxLength - 1);

        Assert.NotNull(ContractExamples.Merge(ContractExamples.Http(("statusPath", $"\"{longest}\""))).Spec);
        Assert.Contains("at most 2048", SingleError(ContractExamples.Http(("statusPath", $"\"{longest}a\""))).Rule, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "67")]
    [InlineData("FLASK_APP=server.py flask run -h 0.0.0.0 -p 5000")]
    [InlineData("echo \"a 'b'\" ; rm -rf $(pwd) `id` && x || y & wait\n\tnext\r\nline \\ # \u0001 é 漢 \u202E")]
    [InlineData("  padded  ")]
    public void Merge_Command_IsTakenAsWritten(string command)
        => Assert.Equal(command, ContractExamples.Merge(ContractExamples.Http(("startServerCmd", JsonSerializer.Serialize(command)))).Spec!.StartServerCmd);

    [Theory]
    [Trait("Fault", "67")]
    [InlineData("\"\"", "not empty")]
    [InlineData("\" \\t\\n\"", "not empty")]
    [InlineData("5", "not empty")]
    [InlineData("[\"flask\", \"run\"]", "not empty")]
    [InlineData("\"flask\\u0000run\"", "NUL")]
    public void Merge_BadCommand_IsRefused(string json, string rule)
    {
        var problem = SingleError(ContractExamples.Http(("startServerCmd", json)));

        Assert.Equal("/http/startServerCmd", problem.Pointer);
        Assert.Contains(rule, problem.Rule, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "67")]
    public void Merge_LongCommand_IsTakenUpToTheLimitInBytes()
    {
        var longest = string.Concat(Enumerable.Repeat("é", HttpRules.MaxCommandBytes / 2)) + "x";
        Assert.Equal(HttpRules.MaxCommandBytes, Encoding.UTF8.GetByteCount(longest));

        Assert.Equal(longest, ContractExamples.Merge(ContractExamples.Http(("startServerCmd", $"\"{longest}\""))).Spec!.StartServerCmd);
        Assert.Contains("128 KiB", SingleError(ContractExamples.Http(("startServerCmd", $"\"{longest}x\""))).Rule, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "63")]
    [InlineData("[]")]
    [InlineData("\"http\"")]
    [InlineData("5")]
    [InlineData("true")]
    public void Merge_HttpThatIsNoObject_IsRefused(string http)
    {
        var reading = ContractExamples.Merge(ContractExamples.Http(), http);

        var problem = Assert.Single(reading.Problems);
        Assert.Null(reading.Spec);
        Assert.Equal(("s2", "/http", "must be an object", http), (problem.Stage, problem.Pointer, problem.Rule, problem.Value));
    }

    private static SpecProblem SingleError(string http)
    {
        var reading = ContractExamples.Merge(http);
        Assert.Null(reading.Spec);
        Assert.True(reading.HasErrors);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal(ProblemSeverity.Error, problem.Severity);
        return problem;
    }
}
