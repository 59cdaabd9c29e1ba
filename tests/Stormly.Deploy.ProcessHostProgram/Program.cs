using System.Globalization;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process;

namespace Stormly.Deploy.ProcessHostProgram;

/// <summary>
/// A host application with the real backend, made to be killed: <c>process-host VERB FOLDER COMMAND</c>. It says "ready" on its output when the
/// moment has come. <c>process-host application STATE-FOLDER PLUGIN-FOLDER INSTANCES WHEN-HOST-ENDS [IMAGE]</c> is a whole host application, see <see cref="Application"/>;
/// <c>process-host placement ENDPOINT IMAGE</c> asks a Docker engine, see <see cref="Placement"/>.
/// </summary>
internal static class Program
{
    private static readonly int FirstDeclaredPort = int.Parse(Environment.GetEnvironmentVariable("STORMLY_TEST_DECLARED_PORTS") ?? "15000", CultureInfo.InvariantCulture);
    private static int _declared;

    private static async Task<int> Main(string[] words)
    {
        var (verb, folder, command) = (words[0], words[1], words[2]);
        if (verb == "application")
        {
            await using var application = new Application(folder, command, int.Parse(words[3], CultureInfo.InvariantCulture), Enum.Parse<HostEndAction>(words[4]), words.ElementAtOrDefault(5));
            await application.RunAsync();
            return 0;
        }

        if (verb == "placement")
        {
            return await Placement.AskAsync(folder, command);
        }

        var host = new ProcessInstanceHost(Options.Create(new ProcessHostOptions()));
        switch (verb)
        {
            case "serving":
                await host.StartAsync(Spec(folder, command), CancellationToken.None);
                return await ReadyAsync();
            case "surviving":
                await host.StartAsync(Spec(folder, command) with { OutlivesHost = true }, CancellationToken.None);
                return await ReadyAsync();
            case "conforming":
                await host.StartAsync(SpecOf(folder, command), CancellationToken.None);
                return await ReadyAsync();
            case "interrupted":
                await host.StartAsync(Spec(folder, command) with { OutlivesHost = true }, CancellationToken.None);
                using (var kill = System.Diagnostics.Process.Start("/bin/kill", ["-s", words[3], "--", "0"]))
                {
                    await kill.WaitForExitAsync();
                }

                return await ReadyAsync();
            case "starting":
                var starts = Enumerable.Range(0, 8).Select(_ => Task.Run(() => StartForeverAsync(host, folder, command))).ToArray();
                await Task.WhenAny(Task.Delay(300), Task.WhenAny(starts));
                return await ReadyAsync();
            case "stopping":
                var stopped = await host.StartAsync(Spec(folder, command), CancellationToken.None);
                _ = stopped.StopAsync(TimeSpan.FromHours(1), CancellationToken.None);
                return await ReadyAsync();
            case "replacing":
                var old = await host.StartAsync(Spec(folder, command), CancellationToken.None);
                _ = Task.Run(() => StartForeverAsync(host, folder, command));
                _ = old.StopAsync(TimeSpan.FromHours(1), CancellationToken.None);
                return await ReadyAsync();
            case "leaving":
                await host.StartAsync(Spec(folder, command), CancellationToken.None);
                return 0;
            case "cycling":
                await Cycles.RunAsync(host, () => Spec(folder, command), int.Parse(words[3], CultureInfo.InvariantCulture));
                return 0;
            case "flooding":
                await Flooding.RunAsync(host, Spec(folder, command), Spec(folder, words[3]));
                return 0;
            case "exhausting":
                await Exhaustion.RunAsync(host, () => Spec(folder, command));
                return 0;
            default:
                return 64;
        }
    }

    private static async Task<int> ReadyAsync()
    {
        await Console.Out.WriteLineAsync("ready");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    /// <summary>Starts without end, at most a few at a time live, so that a kill always meets a start.</summary>
    private static async Task StartForeverAsync(ProcessInstanceHost host, string folder, string command)
    {
        while (true)
        {
            var instance = await host.StartAsync(Spec(folder, command), CancellationToken.None);
            await Task.Delay(20);
            await instance.StopAsync(TimeSpan.Zero, CancellationToken.None);
        }
    }

    private static InstanceSpec Spec(string folder, string command)
    {
        var plugin = PluginName.Parse("dummy");
        var id = InstanceId.New(plugin);
        var own = Directory.CreateDirectory(Path.Combine(folder, id.Value)).FullName;
        return new InstanceSpec
        {
            Id = id,
            Plugin = plugin,
            Revision = new RevisionId(new string('a', 64)),
            StartCommand = command,
            DeclaredPort = FirstDeclaredPort + (Interlocked.Increment(ref _declared) % 100),
            Folder = own,
            WorkFolder = Directory.CreateDirectory(Path.Combine(own, "work")).FullName,
            ManifestFile = Path.Combine(own, "manifest.json"),
            LogFile = Path.Combine(Directory.CreateDirectory(Path.Combine(own, "log")).FullName, "plugin.log"),
            OrphanGrace = TimeSpan.FromSeconds(1),
        };
    }

    /// <summary>The instance whose folder the conformance suite has made.</summary>
    private static InstanceSpec SpecOf(string folder, string command) => new()
    {
        Id = new InstanceId(Path.GetFileName(folder)),
        Plugin = PluginName.Parse("conformance"),
        Revision = new RevisionId(new string('c', 64)),
        StartCommand = command,
        DeclaredPort = 5000,
        Folder = folder,
        WorkFolder = Path.Combine(folder, "work"),
        ManifestFile = Path.Combine(folder, "manifest.json"),
        LogFile = Path.Combine(folder, "log", "plugin.log"),
        OutlivesHost = true,
    };
}
