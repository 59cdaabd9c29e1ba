using System.Globalization;

namespace Stormly.Deploy.Model;

/// <summary>Collects everything that is wrong with options, each as "<c>path</c> must be rule, was: value".</summary>
internal sealed class OptionRules
{
    private readonly List<string> _problems = [];

    /// <summary>Every problem so far, in the order of the checks.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public void Between(string path, TimeSpan value, TimeSpan least, TimeSpan most)
        => Require(value >= least && value <= most, path, $"be from {Text(least)} to {Text(most)}", Text(value));

    public void Between(string path, long value, long least, long most)
        => Require(value >= least && value <= most, path, string.Create(CultureInfo.InvariantCulture, $"be from {least} to {most}"), Text(value));

    /// <summary>A rule that is no plain range.</summary>
    /// <param name="holds">Whether it is kept.</param>
    /// <param name="path">The option's place, e.g. <c>BackOff:Max</c>.</param>
    /// <param name="rule">What it must, e.g. "be at least BackOff:First".</param>
    /// <param name="was">What it was.</param>
    public void Require(bool holds, string path, string rule, string was)
    {
        if (!holds)
        {
            _problems.Add($"{path} must {rule}, was: {was}");
        }
    }

    /// <summary>A problem that was found elsewhere.</summary>
    /// <param name="problem">Path, rule and value.</param>
    public void Add(string problem) => _problems.Add(problem);

    private static string Text(TimeSpan value) => value.ToString("c", CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
