using System.Collections.Immutable;

namespace Stormly.Deploy.Testing;

/// <summary>Settings of the conformance suite. The defaults are what a backend should pass; lower a number only where a start costs much.</summary>
public sealed record ConformanceOptions
{
    /// <summary>
    /// The Python that the suite's plugin runs on, as a word of a shell command: 3.6 or later, standard library only. It must be found where the
    /// backend runs instances, e.g. inside the container. Default <c>python3</c>.
    /// </summary>
    public string Python { get; init; } = "python3";

    /// <summary>How long the suite waits for anything before it calls it missing, 1 s to 1 h. It is a bound, never a goal. Default 60 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The variables of the host application that may reach a plugin: names, or beginnings of names with <c>*</c> at their end. Default: the contract's
    /// list, <c>PATH</c>, <c>HOME</c>, <c>LANG</c>, <c>LC_*</c>, <c>TZ</c>, <c>TMPDIR</c>.
    /// </summary>
    public ImmutableArray<string> AllowedEnvironment { get; init; } = ["PATH", "HOME", "LANG", "LC_*", "TZ", "TMPDIR"];

    /// <summary>How many instances run side by side where ports are looked at, 2 to 100. Default 10.</summary>
    public int SideBySide { get; init; } = 10;

    /// <summary>How many starts are asked for in the same moment, 2 to 1000. Default 50.</summary>
    public int ParallelStarts { get; init; } = 50;

    /// <summary>How many starts are cancelled, at moments spread over the length of a start, 2 to 1000. Default 20.</summary>
    public int CancelledStarts { get; init; } = 20;

    /// <summary>How often an instance is started and stopped while leaks are looked for, 20 to 10,000. Default 200.</summary>
    public int Cycles { get; init; } = 200;

    /// <summary>How many of these cycles run at once, 1 to 100. Default 4.</summary>
    public int CyclesAtOnce { get; init; } = 4;

    /// <summary>How many MB of each shape a plugin writes to its output, 1 to 10,000. Default 16.</summary>
    public int FloodMegabytes { get; init; } = 16;

    /// <summary>Refuses what is out of range, all problems at once.</summary>
    internal void Check()
    {
        string[] problems =
        [
            .. Problem(nameof(Python), !string.IsNullOrWhiteSpace(Python), "a command word", Python),
            .. Problem(nameof(Patience), Patience >= TimeSpan.FromSeconds(1) && Patience <= TimeSpan.FromHours(1), "1 s to 1 h", Patience),
            .. Problem(nameof(AllowedEnvironment), !AllowedEnvironment.IsDefault, "a list", "unset"),
            .. Range(nameof(SideBySide), SideBySide, 2, 100),
            .. Range(nameof(ParallelStarts), ParallelStarts, 2, 1000),
            .. Range(nameof(CancelledStarts), CancelledStarts, 2, 1000),
            .. Range(nameof(Cycles), Cycles, 20, 10_000),
            .. Range(nameof(CyclesAtOnce), CyclesAtOnce, 1, 100),
            .. Range(nameof(FloodMegabytes), FloodMegabytes, 1, 10_000),
        ];
        if (problems.Length > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
        }
    }

    private static string[] Range(string name, int value, int least, int most) => Problem(name, value >= least && value <= most, $"{least} to {most}", value);

    private static string[] Problem(string name, bool good, string rule, object value)
        => good ? [] : [FormattableString.Invariant($"`{nameof(ConformanceOptions)}.{name}` must be {rule}, was: {value}.")];
}
