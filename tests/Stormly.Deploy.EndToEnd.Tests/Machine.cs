namespace Stormly.Deploy.EndToEnd;

/// <summary>What a test needs of the machine that it runs on.</summary>
internal static class Machine
{
    /// <summary>Skips the test, and says why, where something is missing; see <see cref="Programs.FindMissing(IEnumerable{string})"/>.</summary>
    public static void Needs(params IEnumerable<string> needs)
    {
        if (Programs.FindMissing(needs.Append("setsid")) is { } missing)
        {
            Assert.Skip(missing);
        }
    }
}
