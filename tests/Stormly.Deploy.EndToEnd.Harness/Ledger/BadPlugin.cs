using System.Globalization;

namespace Stormly.Deploy.EndToEnd.Harness.Ledger;

/// <summary>A revision that does not come up, and what its deployer must be told.</summary>
/// <param name="Kind">For people.</param>
/// <param name="Failure">How it fails, after it has said its last words.</param>
/// <param name="Cause">What the error must name.</param>
/// <param name="LastWords">What the error must repeat.</param>
public sealed record BadPlugin(string Kind, BadPlugin.Failures Failure, string Cause, string LastWords)
{
    private const int Kinds = 6;

    /// <summary>The kinds in turn; every other one ends at once, since the others take their whole deadline.</summary>
    public static BadPlugin Take(int turn, int number)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"last words of model {number}");
        var (kind, failure, cause) = (turn % Kinds) switch
        {
            1 => ("hangs", Failures.Hangs, "did not answer its status check with 200 within"),
            3 => ("answers 500", Failures.Answers500, "answered 500"),
            5 => ("never listens", Failures.NeverListens, "did not answer its status check with 200 within"),
            _ => ("exits", Failures.Exits, "exit code 7"),
        };
        return new(kind, failure, cause, words);
    }

    /// <summary>How it fails.</summary>
    public enum Failures
    {
        /// <summary>It ends with code 7.</summary>
        Exits,

        /// <summary>It takes connections and never answers.</summary>
        Hangs,

        /// <summary>Its status check answers 500.</summary>
        Answers500,

        /// <summary>It runs and never listens.</summary>
        NeverListens,
    }
}
