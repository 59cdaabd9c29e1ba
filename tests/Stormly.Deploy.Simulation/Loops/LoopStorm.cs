using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Simulation;

/// <summary>
/// A storm over the real loops, drawn from a seed: calls of all kinds, some at once, faults of instances and of the backend, ends and deaths of the host application,
/// and requests throughout. Then calm: everything must come to rest at what was promised. The real loops run on real threads, so a seed draws the same storm each
/// time, but not the same moments between two threads; <see cref="Simulation"/> replays exactly, on the logic without the loops.
/// </summary>
internal sealed partial class LoopStorm : IAsyncDisposable
{
    private const int Acts = 25;

    /// <summary>Back-off after many failures, start deadline, drain and stop, one after the other.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(30);

    private readonly List<string> _story = [];
    private readonly List<Task> _requests = [];
    private readonly LoopPromises _promises = new();
    private readonly SeededRandom _random;
    private readonly LoopFates _fates;
    private readonly LoopWorld _world;
    private int _version;
    private int _asked;

    private LoopStorm(ulong seed, Action<IServiceCollection>? spoil)
    {
        _random = new SeededRandom(seed);
        _fates = new LoopFates(new SeededRandom(~seed));
        _world = new LoopWorld(_random.Percent(50) ? HostEndAction.EndPlugins : HostEndAction.KeepPluginsAfterCrash, _fates.Give, spoil);
    }

    /// <summary>Runs one storm.</summary>
    /// <param name="seed">What it is drawn from.</param>
    /// <param name="spoil">Spoils the world, to see that it is noticed; null for none.</param>
    /// <returns>What came of it.</returns>
    public static async Task<LoopResult> RunAsync(ulong seed, Action<IServiceCollection>? spoil = null)
    {
        var storm = new LoopStorm(seed, spoil);
        string? failure = null;
        try
        {
            await using (storm)
            {
                await storm.RageAsync();
                await storm.CalmAsync();
            }
        }
        catch (SimulationFailure broken)
        {
            failure = broken.Message;
        }

        failure ??= storm._world.Bugs.Select(b => $"{b.Message}: {b.Exception}").FirstOrDefault();
        return new LoopResult(seed, failure, [.. storm._story], storm._asked, storm._world.Starts);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task RageAsync()
    {
        await _world.StartAsync();
        await CallAsync("deploy", NextVersion(bad: false), wait: true);
        for (var i = 0; i < Acts; i++)
        {
            await ActAsync();
            Ask(_random.Next(4));
            await _world.PassAsync(_random.Milliseconds(0, _random.Percent(30) ? 60_000 : 3000));
        }
    }

    private Task ActAsync() => _world.Now is null ? CallAsync("deploy", NextVersion(_random.Percent(30)), wait: true) : _random.Next(100) switch
    {
        < 20 => CallAsync("deploy", NextVersion(_random.Percent(30)), _random.Percent(60)),
        < 28 => CallAsync("scale", _random.Between(1, 4), _random.Percent(70)),
        < 34 => CallAsync("roll back", 0, _random.Percent(60)),
        < 39 => CallAsync("pause", 0, wait: true),
        < 46 => CallAsync("resume", 0, _random.Percent(50)),
        < 52 => CallAsync("canary", NextVersion(_random.Percent(20)), _random.Percent(60)),
        < 57 => CallAsync(_random.Percent(50) ? "promote" : "abort", 0, _random.Percent(60)),
        < 59 => CallAsync("remove", 0, _random.Percent(70)),
        < 78 => HurtAsync(),
        < 82 => AwayAsync(),
        < 91 => CrashAsync(),
        _ => EndAsync(),
    };

    private int NextVersion(bool bad)
    {
        do
        {
            _version++;
        }
        while (LoopFates.IsBad(_version) != bad);
        return _version;
    }

    private void Tell(FormattableString what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{_world.Clock.GetUtcNow():HH:mm:ss.fff} {what.ToString(CultureInfo.InvariantCulture)}");
        lock (_story)
        {
            _story.Add(line);
        }
    }

    private Task HurtAsync()
    {
        var living = _world.Machine.Living;
        if (living.Count == 0)
        {
            return Task.CompletedTask;
        }

        var victim = living[_random.Next(living.Count)];
        _fates.Hurt(victim);
        var how = _random.Next(6);
        Tell($"hurt {victim.Id}: {how}");
        switch (how)
        {
            case 0: victim.Freeze(); break;
            case 1: victim.Status = InMemoryAnswer.Code(500); break;
            case 2: victim.AnswerWith(InMemoryAnswer.Code(500)); break;
            case 3: victim.StopListening(); break;
            default: victim.Kill(); break;
        }

        return Task.CompletedTask;
    }

    private async Task AwayAsync()
    {
        Tell($"the backend is away");
        _world.Host.Absence = new Hosts.BackendUnavailableException("The engine is away.");
        await _world.PassAsync(_random.Milliseconds(0, 20_000));
        _world.Host.Absence = null;
        Tell($"the backend is back");
    }

    private async Task CrashAsync()
    {
        Tell($"the host application dies");
        foreach (var instance in _world.Machine.Living)
        {
            _fates.Hurt(instance);
        }

        _promises.Died();
        await _world.CrashAsync();
        await ComeBackAsync();
    }

    private async Task EndAsync()
    {
        Tell($"the host application ends");
        _promises.Died();
        await _world.EndAsync();
        await ComeBackAsync();
    }

    private async Task ComeBackAsync()
    {
        await _world.StartAsync();
        if (_random.Percent(50))
        {
            Tell($"look");
            await _world.UntilAsync(() => IsAtRest() || _world.Now is { Paused: true } or { Canary: not null }, "rest after a start", LongestRest);
            CheckServing();
        }
    }
}
