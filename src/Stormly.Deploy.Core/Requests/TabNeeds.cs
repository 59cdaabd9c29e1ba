namespace Stormly.Deploy.Requests;

/// <summary>What one tab of an explanation requires: one way to call the plugin.</summary>
/// <param name="Title">The tab's title; null where there is a single tab.</param>
/// <param name="Required">The bits of the inputs that must be supplied.</param>
internal sealed record TabNeeds(string? Title, ulong[] Required)
{
    /// <summary>How many required inputs were not supplied.</summary>
    /// <param name="supplied">The bits of those that were.</param>
    /// <returns>0 where the tab is satisfied.</returns>
    public int CountMissing(ReadOnlySpan<ulong> supplied)
    {
        var missing = 0;
        for (var i = 0; i < Required.Length; i++)
        {
            missing += (int)ulong.PopCount(Required[i] & ~supplied[i]);
        }

        return missing;
    }
}
