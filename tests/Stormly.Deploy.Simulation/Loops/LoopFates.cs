using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Simulation;

/// <summary>How instances behave. A bad version is bad each time; a good one has its moods.</summary>
internal sealed class LoopFates(SeededRandom random)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _hurt = [];

    /// <summary>Every third version is bad.</summary>
    public static bool IsBad(int version) => version % 3 == 2;

    /// <summary>Whether the moods are over: from now on good versions are good.</summary>
    public bool Calm { get; set; }

    /// <summary>Gives an instance its behaviour; called at its start.</summary>
    /// <param name="instance">The instance.</param>
    public void Give(InMemoryInstance instance)
    {
        lock (_lock)
        {
            var version = LoopWorld.VersionOf(instance);
            if (IsBad(version))
            {
                Hurt(instance);
                BeBad(instance, version / 3 % 4);
            }
            else if (!Calm)
            {
                BeMoody(instance);
            }
        }
    }

    /// <summary>Notes that an instance was made to fail, so that its requests may.</summary>
    /// <param name="instance">The instance.</param>
    public void Hurt(InMemoryInstance instance)
    {
        lock (_lock)
        {
            _hurt.Add(instance.Id.Value);
        }
    }

    /// <summary>Whether requests to an instance may fail.</summary>
    /// <param name="instance">Its name.</param>
    public bool IsHurt(string instance)
    {
        lock (_lock)
        {
            return _hurt.Contains(instance);
        }
    }

    private static void BeBad(InMemoryInstance instance, int how)
    {
        switch (how)
        {
            case 0: instance.Exit(3); break;
            case 1: instance.Freeze(); break;
            case 2: instance.Status = InMemoryAnswer.Code(500); break;
            default: instance.StopListening(); break;
        }
    }

    private void BeMoody(InMemoryInstance instance)
    {
        instance.ListensAfter = random.Percent(40) ? random.Milliseconds(0, 20_000) : TimeSpan.Zero;
        instance.StopTakes = random.Percent(40) ? random.Milliseconds(0, 15_000) : TimeSpan.Zero;
        var takes = random.Percent(50) ? random.Milliseconds(0, 4000) : TimeSpan.Zero;
        instance.AnswerWith(InMemoryAnswer.Ok with { After = takes });
        if (random.Percent(5))
        {
            Hurt(instance);
            instance.Exit(1);
        }
    }
}
