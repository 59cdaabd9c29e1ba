using System.Diagnostics;
using System.Globalization;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.EndToEnd.Harness.Ledger;

/// <summary>Good and bad redeployments under constant traffic, with instances killed at random moments, and a ledger of every request.</summary>
public sealed class RedeployRun(TemporaryFolder folder, RedeployRunOptions options)
{
    private const string Plugin = "dummy";
    private const int Instances = 3;
    private readonly RequestLedger _ledger = new(folder.Sub("ledger"), options.Kind.KeepsBooks);
    private readonly Random _random = new(options.Seed);
    private readonly List<string> _problems = [];
    private int _serving;

    /// <summary>What went otherwise than it should beside the requests: errors that do not name their cause, good revisions given up.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public int Good { get; private set; }

    public int Bad { get; private set; }

    /// <summary>Runs to the end and closes the books.</summary>
    /// <param name="told">Hears of each redeployment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<LedgerReport> RunAsync(Action<string> told, CancellationToken cancellationToken)
    {
        await using var host = await HostApplication.StartAsync(folder.Sub("state"), cancellationToken, Configure, use: options.Kind.Use);
        await DeployGoodAsync(host, 1, cancellationToken);
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        await using (var clients = new Clients(options.Clients, token => SendAsync(host, token)))
        {
            var kills = KillAsync(host, stop.Token);
            for (var number = 2; number <= options.Count + 1; number++)
            {
                var (began, bad) = (Stopwatch.GetTimestamp(), _random.Next(100) < options.BadPercent);
                var what = bad ? await DeployBadAsync(host, number, cancellationToken) : await DeployGoodAsync(host, number, cancellationToken);
                told(string.Create(CultureInfo.InvariantCulture, $"{number - 1,5} {Stopwatch.GetElapsedTime(began).TotalSeconds,6:0.00} s  {what}; {clients.Answered} answered, {clients.Failures.Count} in flight on {_ledger.Kills} killed"));
            }

            await stop.CancelAsync();
            await kills;
            await clients.StopAsync();
        }

        await host.DisposeAsync();
        if (await options.Kind.LivingAsync(folder.Sub("state")) is { Count: > 0 } left)
        {
            _problems.Add($"left over: {string.Join(' ', left)}");
        }

        return _ledger.Settle();
    }

    private static void NeedsNothingOfTheBad(DeploymentSnapshot now, RevisionId? serving, List<string> problems)
    {
        if (now.WantedRevision != serving)
        {
            problems.Add($"after a bad deployment revision {now.WantedRevision} is wanted, and {serving} served before");
        }
    }

    private void Configure(PluginDeploymentOptions deployment)
    {
        deployment.Start.Deadline = options.StartDeadline;
        deployment.BackOff.First = TimeSpan.FromMilliseconds(50);
        deployment.BackOff.Longest = TimeSpan.FromSeconds(1);
        deployment.BackOff.CrashLoopLimit = 2;
        deployment.StatusCheck.Timeout = TimeSpan.FromSeconds(1);
        deployment.Stop.Grace = TimeSpan.FromSeconds(2);
    }

    private async Task<Answer> SendAsync(HostApplication host, CancellationToken cancellationToken)
    {
        await Task.Delay(options.Pause, CancellationToken.None);
        return await _ledger.SendAsync(body => host.PostAsync(Plugin, body, cancellationToken));
    }

    private async Task<string> DeployGoodAsync(HostApplication host, int number, CancellationToken cancellationToken)
    {
        Good++;
        _ledger.Begin(number);
        options.Kind.WriteGood(folder.Sub("plugin"), number.ToString(CultureInfo.InvariantCulture), _ledger.Folder);
        try
        {
            await host.DeployAsync(Plugin, folder.Sub("plugin"), Instances, cancellationToken);
        }
        catch (InstanceStartException error) when (error.Message.Contains("signal 9", StringComparison.Ordinal))
        {
            // Killed twice in the same place while it came in: given up as promised. Its last instances may answer until the old ones are back.
            return "good, and given up because its instances were killed";
        }
        catch (PluginDeploymentException error)
        {
            _problems.Add($"good model {number} was given up: {error.Message}");
            return "good, and given up";
        }

        if (_serving != 0)
        {
            _ledger.End(_serving);
        }

        _serving = number;
        return "good";
    }

    private async Task<string> DeployBadAsync(HostApplication host, int number, CancellationToken cancellationToken)
    {
        var bad = BadPlugin.Take(Bad++, number);
        var before = host.Deployments.Get(Plugin)!.WantedRevision;
        try
        {
            options.Kind.WriteBad(folder.Sub("plugin"), bad);
            await host.DeployAsync(Plugin, folder.Sub("plugin"), Instances, cancellationToken);
            _problems.Add($"model {number} {bad.Kind}, and its deployment succeeded");
        }
        catch (InstanceStartException error)
        {
            if (!error.Message.Contains(bad.Cause, StringComparison.Ordinal) || !error.Message.Contains(bad.LastWords, StringComparison.Ordinal))
            {
                _problems.Add($"model {number} {bad.Kind}, and its error names not both '{bad.Cause}' and '{bad.LastWords}': {error.Message}");
            }
        }

        NeedsNothingOfTheBad(host.Deployments.Get(Plugin)!, before, _problems);
        return $"bad: {bad.Kind}";
    }

    /// <summary>Kills one ready instance at a time, where at least as many as are wanted serve.</summary>
    private async Task KillAsync(HostApplication host, CancellationToken cancellationToken)
    {
        var random = new Random(options.Seed + 1);
        try
        {
            while (true)
            {
                await Task.Delay(options.KillEvery * (0.2 + (1.6 * random.NextDouble())), cancellationToken);
                var ready = host.Deployments.Get(Plugin)!.Instances.Where(i => i.Phase == InstancePhase.Ready).ToList();
                if (ready.Count >= Instances)
                {
                    await options.Kind.KillAsync(_ledger, host.StateFolder, ready[random.Next(ready.Count)].Id);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
