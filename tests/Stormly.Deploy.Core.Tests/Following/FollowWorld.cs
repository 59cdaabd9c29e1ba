using Stormly.Deploy.Model;

namespace Stormly.Deploy.Following;

/// <summary>A played timeline of one followed folder: what the policy asks for is done at once.</summary>
internal sealed class FollowWorld
{
    private TimeSpan _wake;

    public FollowOptions Options { get; } = new();

    public FollowState State { get; private set; } = new() { Settled = "1", Seen = "1", Conclusion = FollowConclusion.InStep(new RevisionId("1")) };

    public TimeSpan Now { get; private set; }

    /// <summary>How the folder looks.</summary>
    public string Mark { get; set; } = "1";

    /// <summary>What reading it gives; by default that it can be deployed.</summary>
    public Func<FollowConclusion>? Reading { get; set; }

    public List<TimeSpan> Looks { get; } = [];

    public List<TimeSpan> Reads { get; } = [];

    public List<FollowReport> Reports { get; } = [];

    public FollowWorld Begin(FollowState? state = null)
    {
        State = state ?? State;
        Tell(new FollowNews.Tick());
        Looks.Clear();
        return this;
    }

    public FollowWorld Tell(FollowNews news)
    {
        for (FollowNews? next = news; next is not null;)
        {
            var decision = FollowPolicy.Apply(Options, State, next, Now);
            State = decision.State;
            _wake = decision.Wake;
            if (decision.Report is { } report)
            {
                Reports.Add(report);
            }

            next = decision.Step switch
            {
                FollowStep.Look => Look(),
                FollowStep.Read => Read(),
                _ => null,
            };
        }

        return this;
    }

    public FollowWorld Touch(string? mark = null)
    {
        Mark = mark ?? Mark;
        return Tell(new FollowNews.Touched());
    }

    /// <summary>Lets time pass; wakes the policy when it asked for it.</summary>
    public FollowWorld Pass(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (_wake <= end)
        {
            Now = _wake > Now ? _wake : Now;
            Tell(new FollowNews.Tick());
            Assert.True(_wake > Now, $"It asks to be woken at {_wake}, and it is {Now}.");
        }

        Now = end;
        return this;
    }

    private FollowNews.Looked Look()
    {
        Looks.Add(Now);
        return new FollowNews.Looked(Mark);
    }

    private FollowNews.Read Read()
    {
        Reads.Add(Now);
        return new FollowNews.Read(State.Seen!, Reading?.Invoke() ?? FollowConclusion.InStep(new RevisionId(Mark)));
    }
}
