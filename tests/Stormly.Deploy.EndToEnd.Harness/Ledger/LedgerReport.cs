namespace Stormly.Deploy.EndToEnd.Harness.Ledger;

/// <summary>How the books close.</summary>
public sealed class LedgerReport
{
    private const int MostLines = 20;
    private readonly List<string> _lost = [];

    /// <summary>How many requests were sent.</summary>
    public required int Sent { get; init; }

    /// <summary>How many of them came back to their caller.</summary>
    public required int Noted { get; init; }

    /// <summary>How many instances were killed.</summary>
    public required int Kills { get; init; }

    /// <summary>How many requests the plugins wrote down themselves; null where they write nothing down.</summary>
    public required int? AtPlugins { get; init; }

    /// <summary>Well answered by a revision that was serving.</summary>
    public int Answered { get; set; }

    /// <summary>In flight on an instance that was killed.</summary>
    public int InFlight { get; set; }

    /// <summary>How many of those the killed instance had read.</summary>
    public int InFlightSeen { get; set; }

    /// <summary>How many are unaccounted for.</summary>
    public int LostCount { get; private set; }

    /// <summary>The first of them, in words.</summary>
    public IReadOnlyList<string> Lost => _lost;

    /// <summary>Every request has one fate, and the plugins' own count, where there is one, is that of the callers.</summary>
    public bool IsBalanced => LostCount == 0 && Sent == Noted && Sent == Answered + InFlight && (AtPlugins is null || AtPlugins == Answered + InFlightSeen);

    /// <summary>Writes down a request that is lost; nothing for null.</summary>
    public void Note(string? problem)
    {
        if (problem is null)
        {
            return;
        }

        LostCount++;
        if (_lost.Count < MostLines)
        {
            _lost.Add(problem);
        }
    }

    public override string ToString()
        => $"{Sent} requests sent, {Noted} came back: {Answered} well answered, {InFlight} in flight on one of {Kills} killed instances, {LostCount} lost"
            + (AtPlugins is null ? "" : $"; the plugins themselves counted {AtPlugins}, {InFlightSeen} of those in flight")
            + $"{string.Concat(_lost.Select(line => $"{Environment.NewLine}  {line}"))}";
}
