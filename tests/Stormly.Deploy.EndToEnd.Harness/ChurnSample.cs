using System.Diagnostics;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>The sample plugin, trained by its own stage commands.</summary>
public static class ChurnSample
{
    /// <summary>A request that it can answer.</summary>
    public const string Body = """{"props": {"user_created": 1690000000, "plan": "free", "feature_d3e4f5061": 2.0, "feature_acaa2cf5d": true}}""";

    /// <summary>Runs both stages into a folder. Another seed gives another model.</summary>
    public static async Task<string> TrainAsync(string folder, int seed, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash", [Repository.PathOf("samples", "churn", "train.sh"), folder, $"{seed}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = Programs.SearchPath;
        using var training = OsProcess.Start(start)!;
        var errors = training.StandardError.ReadToEndAsync(cancellationToken);
        var words = await training.StandardOutput.ReadToEndAsync(cancellationToken);
        await training.WaitForExitAsync(cancellationToken);
        return training.ExitCode == 0
            ? folder
            : throw new InvalidOperationException($"train.sh ended with {training.ExitCode}:\n{words}\n{await errors}");
    }
}
