using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Simulation;

/// <content>What happens to instances, backend, disk and clock.</content>
internal sealed partial class LoopStorm
{
    private async Task HurtAsync()
    {
        var living = _world.Machine.Living;
        if (living.Count == 0)
        {
            return;
        }

        var victim = living[_random.Next(living.Count)];
        if (_random.Percent(20))
        {
            await LoseProbesAsync(victim);
            return;
        }

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
    }

    /// <summary>Its answers to status checks get lost for a while; requests are answered as ever.</summary>
    private async Task LoseProbesAsync(InMemoryInstance victim)
    {
        var before = victim.Status;
        Tell($"the status of {victim.Id} gets lost");
        victim.Status = InMemoryAnswer.Lost;
        await _world.PassAsync(_random.Milliseconds(0, 3000));
        victim.Status = before;
    }

    private Task BurstAsync()
    {
        Tell($"a burst of requests");
        Ask(30);
        return Task.CompletedTask;
    }

    /// <summary>The clock of the machine is set; what is measured goes on.</summary>
    private Task JumpAsync()
    {
        var by = _random.Milliseconds(-7_200_000, 7_200_000);
        Tell($"the clock is set by {by}");
        _world.Clock.Set(by);
        return Task.CompletedTask;
    }

    private async Task FillDiskAsync()
    {
        Tell($"the disk is full");
        _world.DiskIsFull = true;
        await CallAsync("deploy", NextVersion(bad: false), wait: false);
        await _world.PassAsync(_random.Milliseconds(0, 20_000));
        _world.DiskIsFull = false;
        Tell($"the disk has room again");
    }

    private async Task AwayAsync()
    {
        Tell($"the backend is away");
        _world.Host.Absence = new Hosts.BackendUnavailableException("The engine is away.");
        await _world.PassAsync(_random.Milliseconds(0, 20_000));
        _world.Host.Absence = null;
        Tell($"the backend is back");
    }
}
