using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

public class RollbackChoiceTests
{
    private static readonly PluginName Churn = PluginName.Parse("churn");
    private static readonly ImmutableArray<RevisionSnapshot> Kept =
    [
        Make("aa11", served: 1), Make("aa22", served: 5, failed: 6), Make("bb33", served: 3), Make("cc44"), Make("dd55", served: 7),
    ];

    [Theory]
    [InlineData(null, "bb33")] // The last that served but the wanted one; not the one that was given up since, nor the one that never served.
    [InlineData("aa11", "aa11")]
    [InlineData("CC", "cc44")]
    [InlineData("aa22", "aa22")] // By name also one that was given up.
    public void Find_Known_IsTheRevisionThatIsMeant(string? to, string expected)
        => Assert.Equal(expected, RollbackChoice.Find(Churn, Kept, Kept[^1].Id, to).Digest);

    [Theory]
    [InlineData("ff", "no revision 'ff' is kept")]
    [InlineData("", "no revision '' is kept")]
    [InlineData("aa", "'aa' is the beginning of 2 revisions")]
    public void Find_UnknownOrAmbiguous_ListsWhatIsKept(string to, string why)
    {
        var error = Assert.Throws<PluginDeploymentException>(() => RollbackChoice.Find(Churn, Kept, Kept[^1].Id, to));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains("aa22 (deployed 2026-01-01 00:00:00Z, given up); bb33 (deployed 2026-01-01 00:00:00Z, served); cc44 (deployed 2026-01-01 00:00:00Z, never served)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NothingServedBefore_SaysSo()
        => Assert.Contains("no other revision that served is kept", Assert.Throws<PluginDeploymentException>(() => RollbackChoice.Find(Churn, [Kept[0]], Kept[0].Id, null)).Message, StringComparison.Ordinal);

    private static RevisionSnapshot Make(string digest, int? served = null, int? failed = null)
    {
        var day = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new RevisionSnapshot
        {
            Id = new RevisionId(digest),
            DeployedAt = day,
            ServedAt = served is { } s ? day.AddDays(s) : null,
            FailedAt = failed is { } f ? day.AddDays(f) : null,
            Failure = failed is null ? null : "it fell",
        };
    }
}
