using Stormly.Deploy.Model;

namespace Stormly.Deploy.Following;

public class FollowPolicyTests
{
    private readonly FollowWorld _world = new FollowWorld().Begin();

    [Fact]
    public void Touched_AndQuiet_IsReadOnce()
    {
        _world.Touch("2").Pass(1.9);
        Assert.Empty(_world.Looks);
        Assert.Equal(SourceState.Changing, _world.State.View("f").State);

        _world.Pass(60);

        Assert.Equal([TimeSpan.FromSeconds(2)], _world.Reads);
        Assert.Equal(SourceState.InStep, _world.State.View("f").State);
        Assert.Equal("2", _world.State.View("f").Revision!.Digest);
        Assert.Empty(_world.Reports);
    }

    [Fact]
    public void Touched_FiftyTimesInASecond_IsReadOnceWhenTheLastIsQuiet()
    {
        for (var i = 0; i < 50; i++)
        {
            _world.Touch($"{i + 2}").Pass(0.02);
        }

        _world.Pass(28);

        Assert.Equal([TimeSpan.FromSeconds(2.98)], _world.Reads);
        Assert.Single(_world.Looks);
    }

    [Fact]
    public void Touched_NothingLooksDifferent_IsNotRead()
    {
        _world.Touch().Pass(10);

        Assert.Single(_world.Looks);
        Assert.Empty(_world.Reads);
        Assert.Equal(SourceState.InStep, _world.State.View("f").State);
    }

    [Fact]
    public void Silence_LooksWithEveryScanAndReadsWhatStillLooksTheSameAMomentLater()
    {
        _world.Pass(10);
        _world.Mark = "2";
        _world.Pass(100);

        Assert.Equal(new[] { 30.0, 32, 62, 92 }, _world.Looks.Select(l => l.TotalSeconds));
        Assert.Equal([TimeSpan.FromSeconds(32)], _world.Reads);
    }

    [Fact]
    public void Silence_EveryLookIsAnother_IsNotReadBeforeItIsQuietAndReportedOnce()
    {
        for (var i = 2; i < 1000; i++)
        {
            _world.Mark = $"{i}";
            _world.Pass(1);
        }

        Assert.Empty(_world.Reads);
        Assert.Contains("without a pause of 2 s", Assert.Single(_world.Reports).Why, StringComparison.Ordinal);
        Assert.Equal(SourceState.Changing, _world.State.View("f").State);
        Assert.Equal(FollowPolicy.NeverQuiet, _world.State.View("f").Problem);

        _world.Pass(10);

        Assert.Single(_world.Reads);
        Assert.Null(_world.State.View("f").Problem);
    }

    [Fact]
    public void Touched_WithoutEnd_IsReportedOnceAfterPatienceAndNeverRead()
    {
        for (var i = 2; i < 1000; i++)
        {
            _world.Touch($"{i}").Pass(1);
        }

        Assert.Empty(_world.Reads);
        Assert.Single(_world.Reports);
        _world.Pass(10);
        Assert.Single(_world.Reads);
        Assert.Single(_world.Reports);
    }

    [Fact]
    public void Read_ChangedMeanwhile_IsReadAgainAfterAnotherQuietMoment()
    {
        var mixtures = 2;
        _world.Reading = () => mixtures-- > 0 ? FollowConclusion.ChangedMeanwhile : FollowConclusion.InStep(new RevisionId("2"));

        _world.Touch("2").Pass(20);

        Assert.Equal(new[] { 2.0, 4, 6 }, _world.Reads.Select(r => r.TotalSeconds));
        Assert.Empty(_world.Reports);
    }

    [Fact]
    public void Read_TheSameProblemAgainAndAgain_IsReportedOnceAnotherOneAgainAndItsEndOnce()
    {
        _world.Reading = () => FollowConclusion.Unusable("line 1: it ends", "it ends");
        _world.Touch("2").Pass(10).Touch("3").Pass(10);
        Assert.Equal(("not deploy what the plugin's folder holds", "line 1: it ends"), (_world.Reports.Single().What, _world.Reports.Single().Why));
        Assert.Equal((SourceState.Unusable, "line 1: it ends"), (_world.State.View("f").State, _world.State.View("f").Problem));

        _world.Reading = () => FollowConclusion.Unusable("no port", "no port");
        _world.Touch("4").Pass(10);
        Assert.Equal(2, _world.Reports.Count);

        _world.Reading = null;
        _world.Touch("5").Pass(10).Touch("6").Pass(10);
        Assert.Equal(3, _world.Reports.Count);
        Assert.Equal("use the plugin's folder again", _world.Reports[^1].What);
        Assert.Null(_world.State.View("f").Problem);
    }

    [Fact]
    public void Read_CannotBeUsed_IsReadAgainWithEveryScanBecauseTheCauseMayLieElsewhere()
    {
        _world.Reading = () => FollowConclusion.Unusable("the disk is full", "StorageException");
        _world.Touch("2").Pass(2);

        _world.Pass(95);
        _world.Reading = null;
        _world.Pass(30);

        Assert.Equal(new[] { 2.0, 32, 62, 92, 122 }, _world.Reads.Select(r => r.TotalSeconds));
        Assert.Equal(2, _world.Reports.Count);
    }

    [Fact]
    public void Read_HeldRevision_IsSaidOnceForEachRevision()
    {
        _world.Reading = () => FollowConclusion.Held(new RevisionId("abc"), "it was given up before");
        _world.Touch("2").Pass(10).Touch("3").Pass(100);

        Assert.Contains("revision abc", Assert.Single(_world.Reports).What, StringComparison.Ordinal);
        Assert.Equal(SourceState.Held, _world.State.View("f").State);
        Assert.Equal(2, _world.Reads.Count);
        _world.Reading = () => FollowConclusion.Held(new RevisionId("def"), "it was given up before");
        _world.Touch("4").Pass(10);
        Assert.Equal(2, _world.Reports.Count);
    }

    [Fact]
    public void WatchLost_IsSaidOnceForEachReasonAndChangesMustBeSeenTwice()
    {
        _world.Tell(new FollowNews.WatchLost("too many watches")).Tell(new FollowNews.WatchLost("too many watches"));
        Assert.Contains("every 30 s only", Assert.Single(_world.Reports).What, StringComparison.Ordinal);
        Assert.Equal("too many watches", _world.State.View("f").ScanOnly);

        _world.Touch("2").Pass(3);
        Assert.Empty(_world.Reads);
        _world.Pass(2);
        Assert.Single(_world.Reads);

        _world.Tell(new FollowNews.WatchBegan());
        Assert.Null(_world.State.View("f").ScanOnly);
        _world.Tell(new FollowNews.WatchLost("too many watches"));
        Assert.Single(_world.Reports);
        _world.Tell(new FollowNews.WatchLost("overflow"));
        Assert.Equal(2, _world.Reports.Count);
    }

    [Fact]
    public void Asked_NothingLooksDifferent_IsReadAllTheSame()
    {
        _world.Tell(new FollowNews.Asked("its schedule says so"));

        Assert.Equal([TimeSpan.Zero], _world.Reads);
        Assert.Equal("its schedule says so", Assert.Single(_world.Reports).Why);
        _world.Pass(100);
        Assert.Single(_world.Reads);
    }

    [Fact]
    public void Asked_WhileItChanges_IsReadOnceItIsQuiet()
    {
        _world.Touch("2").Pass(1).Tell(new FollowNews.Asked("its schedule says so")).Touch("3").Pass(1.9);
        Assert.Empty(_world.Reads);

        _world.Pass(60);

        Assert.Equal([TimeSpan.FromSeconds(3)], _world.Reads);
    }

    [Fact]
    public void Asked_NotFollowed_LooksAndReadsOnlyThen()
    {
        _world.Options.Enabled = false;
        _world.Begin(_world.State with { NextScan = TimeSpan.MaxValue }).Tell(new FollowNews.Asked("now"));
        Assert.Equal((1, 1), (_world.Looks.Count, _world.Reads.Count));
        _world.Mark = "2";
        _world.Pass(1000);
        Assert.Single(_world.Looks);

        _world.Tell(new FollowNews.Asked("now")).Pass(1000);

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(1002)], _world.Reads);
    }

    [Fact]
    public void WatchBegan_WhatWasMissedBefore_IsLookedForSoon()
    {
        _world.Pass(5).Tell(new FollowNews.WatchBegan());
        _world.Mark = "2";

        _world.Pass(5);

        Assert.Equal([TimeSpan.FromSeconds(9)], _world.Reads);
    }

    [Fact]
    public void Begin_NothingIsKnown_IsReadOnceItIsQuiet()
    {
        var world = new FollowWorld().Begin(new FollowState());
        Assert.Equal(SourceState.Changing, world.State.View("f").State);

        world.Pass(100);

        Assert.Equal([TimeSpan.FromSeconds(2)], world.Reads);
    }

    [Theory]
    [InlineData(2, 30, 600, null)]
    [InlineData(0.05, 30, 600, "Follow:Quiet must be from 00:00:00.1000000 to 01:00:00, was: 00:00:00.0500000")]
    [InlineData(2, 0.5, 600, "Follow:ScanInterval must be from 00:00:01 to 1.00:00:00, was: 00:00:00.5000000")]
    [InlineData(2, 30, 1, "Follow:Patience must be at least Follow:Quiet, was: 00:00:01")]
    [InlineData(2, 30, 90_000, "Follow:Patience must be from 00:00:00 to 1.00:00:00, was: 1.01:00:00")]
    public void Check_Options_SaysWhatIsWrong(double quiet, double scan, double patience, string? problem)
    {
        var rules = new OptionRules();

        new FollowOptions { Quiet = TimeSpan.FromSeconds(quiet), ScanInterval = TimeSpan.FromSeconds(scan), Patience = TimeSpan.FromSeconds(patience) }.Check("Follow", rules);

        Assert.Equal(problem is null ? [] : [problem], rules.Problems);
    }
}
