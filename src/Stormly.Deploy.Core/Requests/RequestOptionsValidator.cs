using System.Globalization;
using Microsoft.Extensions.Options;

namespace Stormly.Deploy.Requests;

/// <summary>Checks <see cref="RequestOptions"/>; names every problem at once.</summary>
internal sealed class RequestOptionsValidator : IValidateOptions<RequestOptions>
{
    private const int GreatestBody = 1024 * 1024 * 1024;
    private const int GreatestDepth = 1000;

    public ValidateOptionsResult Validate(string? name, RequestOptions options)
    {
        var problems = FindProblems(options, "Requests");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Finds what is wrong.</summary>
    /// <param name="options">The options.</param>
    /// <param name="path">Where they stand in the configuration.</param>
    /// <returns>A message for each problem; empty where all is well.</returns>
    public static IReadOnlyList<string> FindProblems(RequestOptions options, string path)
    {
        var problems = new List<string>();
        CheckRange(problems, $"{path}:{nameof(RequestOptions.MaxBodyBytes)}", options.MaxBodyBytes, 1, GreatestBody);
        CheckRange(problems, $"{path}:{nameof(RequestOptions.MaxDepth)}", options.MaxDepth, 2, GreatestDepth);
        if (!Enum.IsDefined(options.NowFormat))
        {
            var words = string.Join(", ", Enum.GetNames<NowFormat>());
            problems.Add($"`{path}:{nameof(RequestOptions.NowFormat)}` must be one of {words}, was: {options.NowFormat}");
        }

        return problems;
    }

    private static void CheckRange(List<string> problems, string path, int value, int least, int greatest)
    {
        if (value < least || value > greatest)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"`{path}` must be {least} to {greatest}, was: {value}"));
        }
    }
}
