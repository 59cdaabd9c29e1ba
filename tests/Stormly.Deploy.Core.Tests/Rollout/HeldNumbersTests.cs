using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

public class HeldNumbersTests
{
    private static readonly RevisionId Old = new("a");
    private static readonly RevisionId New = new("b");

    [Theory]
    [InlineData(2, 2, 4, 8, 4, 4)]
    [InlineData(3, 1, 3, 3, 3, 1)]
    [InlineData(3, 1, 3, 6, 6, 1)]
    [InlineData(3, 1, 3, 2, 2, 1)]
    [InlineData(3, 1, 3, 1, 1, 1)]
    [InlineData(2, 1, 3, 1, 1, 0)]
    [InlineData(1, 2, 3, 2, 1, 1)]
    [InlineData(2, 1, 3, 0, 0, 0)]
    [InlineData(0, 3, 3, 5, 0, 5)]
    public void Scale_TwoRevisions_SharesTheNumberOutInFavourOfTheFirst(int old, int fresh, int from, int to, int oldAfter, int freshAfter)
    {
        ImmutableArray<HeldRevision> held = old == 0 ? [new(New, fresh)] : [new(Old, old), new(New, fresh)];

        var scaled = HeldNumbers.Scale(held, from, to, new(Old, 0));

        Assert.Equal(oldAfter, scaled.FirstOrDefault(h => h.Revision == Old).Instances);
        Assert.Equal(freshAfter, scaled.FirstOrDefault(h => h.Revision == New).Instances);
    }

    [Fact]
    public void Scale_FromZeroBackUp_StartsTheOneThatServedBefore()
        => Assert.Equal([new(Old, 3), new(New, 0)], HeldNumbers.Scale([new(Old, 0), new(New, 0)], 0, 3, new(Old, 0)));

    /// <summary>Found by the simulation: else a second instance is started on a fixed port.</summary>
    [Fact]
    [Trait("Fault", "78")]
    public void Scale_FromZeroToARevisionThatWasNotHeld_KeepsItsCeiling()
        => Assert.Equal([new(Old, 3, Ceiling: 1), new(New, 0)], HeldNumbers.Scale([new(New, 0)], 0, 3, new(Old, 0, Ceiling: 1)));

    [Fact]
    public void Scale_NothingRanYet_StartsNothing() => Assert.Empty(HeldNumbers.Scale([], 2, 5, new(Old, 0)));

    [Fact]
    public void Scale_AnyNumbers_AddsUpAndNeverGoesBelowZero()
    {
        foreach (var (old, fresh, from, to) in from o in Enumerable.Range(0, 7) from f in Enumerable.Range(0, 7) from a in Enumerable.Range(1, 7) from b in Enumerable.Range(0, 9) select (o, f, a, b))
        {
            var scaled = HeldNumbers.Scale([new(Old, old), new(New, fresh)], from, to, new(Old, 0));

            Assert.All(scaled, h => Assert.True(h.Instances >= 0));
            Assert.Equal(old + fresh == 0 ? 0 : Math.Max(old + fresh + to - from, Math.Min(old + fresh, to)), scaled.Sum(h => h.Instances));
        }
    }
}
