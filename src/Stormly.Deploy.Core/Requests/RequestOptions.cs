using Stormly.Deploy.Model;

namespace Stormly.Deploy.Requests;

/// <summary>What is accepted from callers, and how it is completed for the plugin.</summary>
public sealed class RequestOptions
{
    /// <summary>The greatest body of a request in bytes. Default 1,048,576 (1 MiB); 1 to 1,073,741,824. A larger one is refused before it is read.</summary>
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>How deep JSON may be nested in requests and in answers. Default 64; 2 to 1,000. The body itself is the first level, <c>props</c> the second.</summary>
    public int MaxDepth { get; set; } = 64;

    /// <summary>How <c>props.now</c> is written. Default <see cref="NowFormat.UnixSeconds"/>.</summary>
    public NowFormat NowFormat { get; set; } = NowFormat.UnixSeconds;

    /// <summary>
    /// Whether a feature that nobody supplied gets its most common value, where one is known, and then no longer counts as missing.
    /// Default false: it stays absent, and is the caller's error where it is required.
    /// </summary>
    public bool FillMissingFeatures { get; set; }

    /// <summary>
    /// Which answers may be kept, the newest of each revision alone and in memory, to show callers what comes back of a plugin that gives no examples. Default
    /// <see cref="LastAnswerSource.StatusChecks"/>. With <see cref="LastAnswerSource.Requests"/> one caller's answer is shown to others.
    /// </summary>
    public LastAnswerSource LastAnswer { get; set; } = LastAnswerSource.StatusChecks;

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(MaxBodyBytes)}", MaxBodyBytes, 1, 1024 * 1024 * 1024);
        rules.Between($"{path}:{nameof(MaxDepth)}", MaxDepth, 2, 1000);
        rules.Require(
            Enum.IsDefined(LastAnswer), $"{path}:{nameof(LastAnswer)}", $"be one of {string.Join(", ", Enum.GetNames<LastAnswerSource>())}", $"{LastAnswer}");
        rules.Require(Enum.IsDefined(NowFormat), $"{path}:{nameof(NowFormat)}", $"be one of {string.Join(", ", Enum.GetNames<NowFormat>())}", $"{NowFormat}");
    }
}
