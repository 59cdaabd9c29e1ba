using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Simulation;

/// <summary>
/// A storm over the real loops, drawn from a seed: calls of all kinds, some at once, faults of instances and of the backend, ends and deaths of the host application,
/// and requests throughout. Then calm: everything must come to rest at what was promised. The real loops run on real threads, so a seed draws the same storm each
/// time, but not the same moments between two threads; <see cref="Simulation"/> replays exactly, on the logic without the loops.
/// </summary>
internal sealed partial class LoopStorm : IAsyncDisposable
{
    private const int RoomWhereThereIsALimit = 5;
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
        _world = new LoopWorld(OneThread.IsOnly ? new Chance(new SeededRandom(seed * 31)) : Chance.Shared, Write, _random.Percent(50) ? HostEndAction.EndPlugins : HostEndAction.KeepPluginsAfterCrash, _random.Percent(40) ? RoomWhereThereIsALimit : null, _fates.Give, spoil);
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

        failure ??= storm._world.TooMany ?? storm._world.Bugs.Select(b => $"{b.Message}: {b.Exception}").FirstOrDefault();
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
        < 18 => CallAsync("deploy", NextVersion(_random.Percent(30)), _random.Percent(60)),
        < 22 => CallAsync("scale", _random.Between(1, 4), _random.Percent(70)),
        < 28 => CallAsync("range", _random.Between(1, 4), _random.Percent(70)),
        < 34 => CallAsync("roll back", 0, _random.Percent(60)),
        < 39 => CallAsync("pause", 0, wait: true),
        < 46 => CallAsync("resume", 0, _random.Percent(50)),
        < 52 => CallAsync("canary", NextVersion(_random.Percent(20)), _random.Percent(60)),
        < 57 => CallAsync(_random.Percent(50) ? "promote" : "abort", 0, _random.Percent(60)),
        < 59 => CallAsync("remove", 0, _random.Percent(70)),
        < 70 => HurtAsync(),
        < 73 => CallAsync("deploy the neighbour", _random.Between(1, 3), wait: false),
        < 75 => BurstAsync(),
        < 77 => JumpAsync(),
        < 79 => FillDiskAsync(),
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

    private void Tell(FormattableString what) => Write(what.ToString(CultureInfo.InvariantCulture));

    private void Write(string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{_world.Clock.GetUtcNow():HH:mm:ss.fff} {what}");
        lock (_story)
        {
            _story.Add(line);
        }
    }

    private async Task CrashAsync()
    {
        if (_random.Percent(50))
        {
            await CallAsync(_random.Percent(60) ? "deploy" : "roll back", NextVersion(bad: false), wait: false);
            await _world.BreakOffAsync(_random.Milliseconds(0, 2000), _random.Next(60));
        }

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
