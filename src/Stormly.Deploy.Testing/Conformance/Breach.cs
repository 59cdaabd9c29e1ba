using Stormly.Deploy.Hosts;
using Xunit.Sdk;

namespace Stormly.Deploy.Testing;

/// <summary>Writes the failure of a case: what the contract asks, what was seen, and where a backend's author reads on.</summary>
internal static class Breach
{
    /// <summary>Makes the failure.</summary>
    /// <param name="asked">What the contract asks, as a sentence.</param>
    /// <param name="seen">What was seen instead, as a sentence.</param>
    /// <param name="readOn">A place of <see cref="Guide"/>.</param>
    /// <param name="instance">The instance that it was seen on; its last output belongs to the finding.</param>
    /// <param name="cause">The error that was seen.</param>
    /// <returns>The failure, to be thrown.</returns>
    public static XunitException Of(string asked, string seen, string readOn, IInstance? instance = null, Exception? cause = null)
        => new($"""
            The contract asks: {asked}
            Seen: {seen}
            Read on: {readOn}{Tail(instance)}
            """, cause);

    private static string Tail(IInstance? instance)
    {
        var tail = instance?.ReadOutputTail() ?? "";
        return tail.Length == 0 ? "" : $"{Environment.NewLine}Last output of '{instance!.Id}':{Environment.NewLine}{tail}";
    }
}
