using System.Globalization;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd.Harness.Ledger;

/// <summary>A revision that does not come up, and what its deployer must be told.</summary>
/// <param name="Kind">For people.</param>
/// <param name="Command">Its start command; it says its last words before it fails.</param>
/// <param name="Cause">What the error must name.</param>
/// <param name="LastWords">What the error must repeat.</param>
public sealed record BadPlugin(string Kind, string Command, string Cause, string LastWords)
{
    private const int Kinds = 6;

    /// <summary>The kinds in turn; every other one ends at once, since the others take their whole deadline.</summary>
    public static BadPlugin Take(int turn, int number)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"last words of model {number}");
        var (kind, failure, cause) = (turn % Kinds) switch
        {
            1 => ("hangs", DummyPlugin.Command("listen-no-answer --port {port}"), "did not answer its status check with 200 within"),
            3 => ("answers 500", DummyPlugin.Command("serve --port {port} --status-code 500"), "answered 500"),
            5 => ("never listens", "exec sleep 1000", "did not answer its status check with 200 within"),
            _ => ("exits", "exit 7", "exit code 7"),
        };
        return new(kind, $": -p {{port}}; echo '{words}' >&2; {failure}", cause, words);
    }
}
