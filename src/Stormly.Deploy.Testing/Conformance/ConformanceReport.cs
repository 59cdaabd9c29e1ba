using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Xunit;

namespace Stormly.Deploy.Testing;

/// <summary>
/// Collects what became of each case, and writes at the end which levels the backend reached. xunit makes one for each suite. The report goes to the
/// console and to the file <c>conformance-KIND.txt</c> beside the test assembly, because not every runner shows the console.
/// </summary>
public sealed class ConformanceReport : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Level, string Case, TestResult Result, string Why)> _results = new();

    private string _kind = "unknown";

    /// <summary>Writes the report.</summary>
    /// <returns>A task that completes when it is written.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_results.IsEmpty)
        {
            return;
        }

        var text = Render();
        await Console.Out.WriteLineAsync(text).ConfigureAwait(false);
        var name = string.Concat(_kind.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, $"conformance-{name}.txt"), text).ConfigureAwait(false);
    }

    /// <summary>Notes the backend's name.</summary>
    internal void Name(string kind) => _kind = kind;

    /// <summary>Notes what became of the case that is just ending.</summary>
    internal void Note(ITestContext context, string? skipped)
    {
        if (context is { Test: { } test, TestState: { } state })
        {
            var level = test.Traits.TryGetValue(ConformanceLevels.Trait, out var levels) ? levels.First() : "own";
            var name = test.TestDisplayName;
            var why = skipped ?? (state.ExceptionMessages is { Length: > 0 } messages ? FindSeen(messages[0]) : "its own reason stands in the run's output.");
            _results.Enqueue((level, name[(name.Split('(')[0].LastIndexOf('.') + 1)..], state.Result, why));
        }
    }

    /// <summary>Finds the line that tells one failure from another.</summary>
    internal static string FindSeen(string message)
    {
        var lines = message.ReplaceLineEndings("\n").Split('\n');
        return lines.FirstOrDefault(l => l.StartsWith("Seen: ", StringComparison.Ordinal)) ?? lines[0];
    }

    /// <summary>Writes the report as text.</summary>
    internal string Render()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"Conformance of the backend '{_kind}'").AppendLine();
        foreach (var level in ConformanceLevels.All)
        {
            var cases = _results.Where(r => r.Level == level).OrderBy(r => r.Case, StringComparer.Ordinal).ToArray();
            var (passed, skipped) = (cases.Count(c => c.Result == TestResult.Passed), cases.Count(c => c.Result == TestResult.Skipped));
            var verdict = cases.Length == 0 ? "not run"
                : passed + skipped < cases.Length ? "FAILED"
                : passed == 0 ? "not offered"
                : "passed";
            text.Append(CultureInfo.InvariantCulture, $"  {level,-10}{verdict,-12}{passed} passed, {skipped} skipped, {cases.Length - passed - skipped} failed").AppendLine();
            foreach (var (_, name, result, why) in cases.Where(c => c.Result != TestResult.Passed))
            {
                text.Append(CultureInfo.InvariantCulture, $"    {(result == TestResult.Skipped ? "skipped" : "FAILED")}  {name}: {why}").AppendLine();
            }
        }

        return text.ToString();
    }
}
