namespace Stormly.Deploy.Features;

/// <summary>One request in which detectors look for facts. Used by one detector after the other.</summary>
public sealed class FactFinding
{
    private readonly List<string> _wanted = [];
    private readonly List<(string Fact, FactValue Value)> _found = [];

    /// <summary>Makes one.</summary>
    /// <param name="user">What is known of the end user.</param>
    /// <param name="now">The time of the request in UTC.</param>
    public FactFinding(EndUser user, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(user);
        User = user;
        Now = now.ToUniversalTime();
    }

    /// <summary>What is known of the end user.</summary>
    public EndUser User { get; }

    /// <summary>The time of the request in UTC.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Whether a fact is of use and not yet known.</summary>
    /// <param name="fact">Its name.</param>
    /// <returns>Whether to look for it.</returns>
    public bool Wants(string fact) => _wanted.Contains(fact);

    /// <summary>Notes a fact. One that nobody wants, or that is known already, changes nothing.</summary>
    /// <param name="fact">Its name.</param>
    /// <param name="value">Its value; null is none.</param>
    public void Set(string fact, FactValue? value)
    {
        if (value is not null && _wanted.Remove(fact))
        {
            _found.Add((fact, value));
        }
    }

    /// <summary>What was found of a fact.</summary>
    /// <param name="fact">Its name.</param>
    /// <returns>Its value; null where it is not known.</returns>
    public FactValue? Find(string fact)
    {
        foreach (var (name, value) in _found)
        {
            if (name == fact)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Asks for a fact, from now on.</summary>
    /// <param name="fact">Its name.</param>
    public void Want(string fact)
    {
        if (!_wanted.Contains(fact) && Find(fact) is null)
        {
            _wanted.Add(fact);
        }
    }

    /// <summary>Whether a detector may find something that is wanted.</summary>
    internal bool WantsAny(IReadOnlyCollection<string> facts)
    {
        foreach (var fact in _wanted)
        {
            if (facts.Contains(fact))
            {
                return true;
            }
        }

        return false;
    }
}
