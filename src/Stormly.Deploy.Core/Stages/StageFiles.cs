using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>The names of the files that stages read and write: <c>results-&lt;stage&gt;.json</c>, or <c>results.json</c> for a plugin of one stage.</summary>
public static class StageFiles
{
    /// <summary>The stage that every run begins with.</summary>
    public const string InitialStage = "initial";

    /// <summary>The greatest length of a stage's name in characters.</summary>
    public const int MaxStageLength = 100;

    private const string ResultPrefix = "results-";

    /// <summary>The stage that a result file belongs to.</summary>
    /// <param name="path">A file's name or path.</param>
    /// <returns><c>trainMore</c> for <c>results-trainMore.json</c>, <c>initial</c> for <c>results.json</c>, else the name without its extension.</returns>
    public static string StageOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        if (name.StartsWith(ResultPrefix, StringComparison.Ordinal) && name.Length > ResultPrefix.Length)
        {
            return name[ResultPrefix.Length..];
        }

        return name is "results" or "" ? InitialStage : name;
    }

    /// <summary>Says what is wrong with a stage's name, which comes from a file's name or a manifest and ends up in messages and file names.</summary>
    /// <param name="stage">The name.</param>
    /// <returns>The rule that it breaks; null for a good name.</returns>
    public static string? FindProblem(string? stage)
    {
        if (string.IsNullOrWhiteSpace(stage))
        {
            return "must not be empty";
        }

        if (stage.Length > MaxStageLength)
        {
            return $"must have at most {MaxStageLength} characters, this one has {stage.Length}";
        }

        foreach (var c in stage)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('-' or '_' or '.' or ' '))
            {
                return $"must be letters, digits, '-', '_', '.' and spaces, but holds {PrintableText.Describe(c)}";
            }
        }

        return stage[0] is '.' or ' ' || stage[^1] is '.' or ' ' ? "must begin and end with a letter, a digit, '-' or '_'" : null;
    }

    /// <summary>How a file is called in messages: its name without its folder.</summary>
    internal static string OriginOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) is { Length: > 0 } name ? name : path;
}
