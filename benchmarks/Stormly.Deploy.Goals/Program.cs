using System.Globalization;
using Stormly.Deploy.EndToEnd.Harness.Kinds;
using Stormly.Deploy.Goals;

// Goals as programs: each verb shows one promise in figures, too long or too noisy for the tests. Exit code 0 = the goal is reached.
var verbs = new Dictionary<string, (string Shows, Func<int, CancellationToken, Task<bool>> Run, int Count)>(StringComparer.Ordinal)
{
    ["models"] = ("COUNT new models of the Flask sample, 3 instances, 8 clients: no request is lost", (n, t) => Models.RunAsync(PluginKind.Processes, n, t), 100),
    ["redeploys"] = ("COUNT redeployments, good and bad, under traffic and random kill -9: a ledger accounts for every request", (n, t) => Redeploys.RunAsync(PluginKind.Processes, n, t), 1000),
    ["kills"] = ("COUNT instances killed: time until they are out of routing (R1), and until a substitute serves (R2)", Kills.RunAsync, 100),
    ["sick"] = ("COUNT status paths turned bad, twice: time until they are noticed, and until a substitute serves (R3)", Sick.RunAsync, 20),
    ["crashloop"] = ("COUNT seconds of a plugin that ends at each start: how often it is started, and what it costs the host application (R10)", CrashLoop.RunAsync, 60),
    ["hostkills"] = ("COUNT times kill -9 of the host application in the middle of rollouts, with plugins that end with it and that survive it: the promise is kept, nothing is left over", (n, t) => HostKills.RunAsync(PluginKind.Processes, n, t), 50),
    ["replacements"] = ("COUNT requests during planned replacements: no request is lost (R13)", Replacements.RunAsync, 100_000),
    ["duck"] = ("COUNT times kill -9 of one of 3 instances, every 10 s under load: only what was in flight is lost (R13)", Duck.RunAsync, 6),
    ["idle"] = ("COUNT requests just as the plugin closes idle connections: no request is lost (R14)", IdleConnections.RunAsync, 100_000),
    ["burst"] = ("COUNT requests at once while no instance lives: all are answered, by as many instances as the load needs", Burst.RunAsync, 200),
    ["bodies"] = ("COUNT random and hostile bodies: an oracle of its own finds every answer right, and memory does not grow", Bodies.RunAsync, 100_000),
    ["loops"] = ("COUNT storms over the real loops on a machine in memory: no promise is broken (R15); SIM_FROM names the first seed, and a seed is the same storm each time", Loops.RunAsync, 500),
    ["threads"] = ("COUNT storms as above, on all threads at once", Loops.StormAsync, 500),
    ["simulate"] = ("COUNT seeds of the simulation: no invariant breaks (R15); SIM_SEED replays one", Simulate.RunAsync, 100_000),
};

// The same programs with plugins in containers. They need an engine with the image that eng/docker.sh makes.
var inContainers = new Dictionary<string, Func<int, CancellationToken, Task<bool>>>(StringComparer.Ordinal)
{
    ["models"] = (n, t) => Models.RunAsync(PluginKind.Containers, n, t),
    ["redeploys"] = (n, t) => Redeploys.RunAsync(PluginKind.Containers, n, t),
    ["hostkills"] = (n, t) => HostKills.RunAsync(PluginKind.Containers, n, t),
};
var docker = args.Contains("--docker");
args = [.. args.Where(a => a != "--docker")];

var given = 0;
if (args.Length is 0 or > 2 || !verbs.TryGetValue(args[0], out var verb) || (docker && !inContainers.ContainsKey(args[0]))
    || (args.Length == 2 && (!int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out given) || given == 0)))
{
    Console.WriteLine($"usage: goals VERB [COUNT] [--docker]    (--docker: {string.Join(", ", inContainers.Keys)})");
    foreach (var (name, (shows, _, count)) in verbs)
    {
        Console.WriteLine($"  {name,-14} {shows} (default COUNT {count})");
    }

    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
var run = docker ? inContainers[args[0]] : verb.Run;
if (docker && await PluginContainers.FindMissingAsync() is { } missing)
{
    Console.WriteLine(missing);
    return 3;
}

var reached = await run(given > 0 ? given : verb.Count, stop.Token);
Console.WriteLine(reached ? "goal reached" : "goal MISSED");
return reached ? 0 : 1;
