using System.Collections.Immutable;
using System.Diagnostics;
using Stormly.Deploy.EndToEnd.Harness.Kinds;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>
/// <c>kill -9</c> of a host application at random moments of rollouts, and its next start each time: it must come to what its last answered call
/// promised, or to what was being deployed, with exactly the wanted instances and nothing left over beside them.
/// </summary>
/// <param name="folder">A folder of its own.</param>
/// <param name="kind">What is run.</param>
/// <param name="action">What becomes of plugins when the host application ends.</param>
/// <param name="seed">Names the moments.</param>
public sealed class HostKillRun(string folder, PluginKind kind, HostEndAction action, int seed)
{
    private const int Instances = 2;
    private const int EveryBadOne = 5;

    private readonly Random _random = new(seed);
    private readonly List<string> _problems = [];
    private readonly List<TimeSpan> _untilServing = [];
    private TimeSpan _rollout;
    private string _promised = "";

    /// <summary>Everything that was not as it must be.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>From each start after a kill until all wanted instances serve and nothing else is left.</summary>
    public IReadOnlyList<TimeSpan> UntilServing => _untilServing;

    /// <summary>How many kills met a rollout that was under way.</summary>
    public int MetRollouts { get; private set; }

    /// <summary>How many processes of plugins served before a kill and after it.</summary>
    public int Survived { get; private set; }

    private string State => Path.Combine(folder, "state");

    private string Plugin => Path.Combine(folder, "plugin");

    /// <summary>Kills.</summary>
    /// <param name="kills">How often.</param>
    /// <param name="say">Takes a line for each kill.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(int kills, Action<string> say, CancellationToken cancellationToken)
    {
        try
        {
            var host = await StartAsync(cancellationToken);
            Write("v0");
            var begun = Stopwatch.GetTimestamp();
            Require(await host.AskAsync("deploy", cancellationToken) == "deployed", "the first deployment fails");
            (_rollout, _promised) = (Stopwatch.GetElapsedTime(begun), "v0");
            await SettleAsync(host, cancellationToken);
            for (var kill = 1; kill <= kills; kill++)
            {
                host = await KillAsync(host, kill, say, cancellationToken);
            }

            await EndAsync(host);
        }
        finally
        {
            await kind.ClearAsync(State);
        }
    }

    private Task<StrainedHost> StartAsync(CancellationToken cancellationToken) => StrainedHost.StartAsync(State, Plugin, Instances, cancellationToken, action, kind.Image);

    private async Task<StrainedHost> KillAsync(StrainedHost host, int kill, Action<string> say, CancellationToken cancellationToken)
    {
        var version = $"v{kill}";
        var bad = kill % EveryBadOne == 0;
        Write(bad ? null : version);
        var call = host.AskAsync("deploy", cancellationToken);
        await Task.WhenAny(call, Task.Delay(_rollout * (1.3 * _random.NextDouble()), cancellationToken));
        await host.KillAsync(cancellationToken);
        var answer = await AnswerAsync(call);
        var living = await kind.LivingAsync(State);
        string[] allowed = answer switch
        {
            null => bad ? [_promised] : [_promised, version],
            "deployed" => [version],
            _ => [_promised],
        };
        MetRollouts += answer is null ? 1 : 0;

        var begun = Stopwatch.GetTimestamp();
        host = await StartAsync(cancellationToken);
        await SettleAsync(host, cancellationToken);
        _untilServing.Add(Stopwatch.GetElapsedTime(begun));
        var serves = await ModelAsync(host, cancellationToken);
        Require(allowed.Contains(serves), $"kill {kill}: {serves} serves, and {string.Join(" or ", allowed)} was promised");
        var survived = (await kind.LivingAsync(State)).Intersect(living).Count();
        Require(action != HostEndAction.EndPlugins || survived == 0, $"kill {kill}: {survived} processes survived");
        Require(action == HostEndAction.EndPlugins || answer is null || serves != _promised || survived >= Instances, $"kill {kill}: instances were started again although nothing was being deployed");
        say($"{action,-22} kill {kill,3} {(answer is null ? "in a rollout" : "after it    ")} {(bad ? "bad " : "good")} revision; {serves} serves after {_untilServing[^1].TotalSeconds:0.0} s, {survived} processes survived");
        (_promised, Survived) = (serves, Survived + survived);
        return host;
    }

    /// <summary>Waits until exactly the wanted instances live and have folders, each with a port of its own.</summary>
    private async Task SettleAsync(StrainedHost host, CancellationToken cancellationToken)
    {
        Require(await host.AskAsync("wait", cancellationToken) == "all serve", "the deployment does not come back");
        await Waiting.UntilAsync(ExactlyAsync, $"exactly {Instances} instances with their folders", cancellationToken);
    }

    private async Task<bool> ExactlyAsync()
    {
        var (folders, each) = (Folders(), new List<IReadOnlyList<string>>());
        foreach (var folder in folders)
        {
            each.Add(await kind.LivingAsync(State, new InstanceId(Path.GetFileName(folder))));
        }

        var ports = await kind.PortsAsync(State);
        return folders.Length == Instances && each.All(e => e.Count > 0) && ports.Count == Instances && each.Sum(e => e.Count) == (await kind.LivingAsync(State)).Count;
    }

    private async Task EndAsync(StrainedHost host)
    {
        await host.DisposeAsync();
        Require(Folders().Length == 0, "folders of instances are left");
        Require((await kind.LivingAsync(State)).Count == 0, "something is left over");
    }

    private ImmutableArray<string> Folders() => Directory.Exists(Path.Combine(State, "instances")) ? [.. Directory.GetDirectories(Path.Combine(State, "instances"))] : [];

    private void Write(string? version)
    {
        if (version is null)
        {
            PluginFiles.Write(Plugin, "exit 3");
        }
        else
        {
            kind.WriteGood(Plugin, version, ledger: null);
        }
    }

    private static async Task<string> ModelAsync(StrainedHost host, CancellationToken cancellationToken)
    {
        var answer = await host.AskAsync("ask", cancellationToken);
        return answer.Split("\"model\":\"") is [_, var rest] ? rest.Split('"')[0] : answer;
    }

    private static async Task<string?> AnswerAsync(Task<string> call)
    {
        try
        {
            return await call;
        }
        catch (Exception error) when (error is InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            _problems.Add(otherwise);
        }
    }
}
