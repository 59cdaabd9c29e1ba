using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>
/// A host application in a process of its own, with short intervals, that can be paused, starved, killed, or put onto a disk of its own. It does one
/// thing after the other, as it is told; the program <c>process-host</c> lists them.
/// </summary>
public sealed class StrainedHost : IAsyncDisposable
{
    /// <summary>Where the disk of <see cref="OnItsOwnDiskAsync"/> is seen by the host application, and by nobody else.</summary>
    public const string Disk = "/mnt";

    private readonly OsProcess _process;
    private readonly string _stateFolder;

    private StrainedHost(OsProcess process, string stateFolder) => (_process, _stateFolder) = (process, stateFolder);

    /// <summary>Starts it.</summary>
    public static Task<StrainedHost> StartAsync(
        string stateFolder, string plugin, int instances, CancellationToken cancellationToken, HostEndAction whenHostEnds = HostEndAction.EndPlugins, string? image = null)
        => StartAsync([], stateFolder, plugin, instances, whenHostEnds, image, cancellationToken);

    /// <summary>Starts it with its state on a disk of so many megabytes, which goes with its last process. Needs root; see <see cref="WhyNoDisk"/>.</summary>
    public static Task<StrainedHost> OnItsOwnDiskAsync(int megabytes, string stateFolder, string plugin, int instances, CancellationToken cancellationToken)
        => StartAsync(
            ["unshare", "-m", "/bin/sh", "-c", $"mount -t tmpfs -o size={megabytes}m none {Disk} && exec \"$@\"", "sh"], stateFolder, plugin, instances, HostEndAction.EndPlugins, null, cancellationToken);

    /// <summary>Why this machine gives no disk of one's own; null where it does.</summary>
    public static string? WhyNoDisk()
    {
        using var trial = OsProcess.Start(new ProcessStartInfo("unshare", ["-m", "/bin/sh", "-c", $"mount -t tmpfs -o size=1m none {Disk}"]) { RedirectStandardError = true })!;
        var words = trial.StandardError.ReadToEnd();
        trial.WaitForExit();
        return trial.ExitCode == 0 ? null : $"A disk of its own cannot be mounted here: {words.Trim()}";
    }

    /// <summary>Tells it something and waits for its answer.</summary>
    public async Task<string> AskAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException($"The host application ended before it had answered '{line}'.");
    }

    /// <summary>SIGSTOP, of this one process and no other.</summary>
    public void Pause() => PluginProcesses.Pause(_process.Id);

    /// <summary>SIGCONT.</summary>
    public void Resume() => PluginProcesses.Resume(_process.Id);

    /// <summary>kill -9, of this one process and no other.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Ends it as planned.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(cancellationToken);
        }
    }

    /// <summary>Ends it as planned, and waits until no plugin is left: not where plugins are to live on.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _process.Dispose();
        await PluginProcesses.UntilNoneIsLeftAsync(_stateFolder, CancellationToken.None);
    }

    private static async Task<StrainedHost> StartAsync(
        string[] before, string stateFolder, string plugin, int instances, HostEndAction whenHostEnds, string? image, CancellationToken cancellationToken)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Stormly.Deploy.ProcessHostProgram", own.Name, "process-host.dll");
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        string[] words = [.. before, dotnet, program, "application", stateFolder, plugin, $"{instances}", $"{whenHostEnds}", .. image is null ? Array.Empty<string>() : [image]];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["PATH"] = Programs.SearchPath;
        var host = new StrainedHost(OsProcess.Start(start)!, stateFolder);
        var first = await host._process.StandardOutput.ReadLineAsync(cancellationToken);
        return first == "ready" ? host : throw new InvalidOperationException($"The host application did not start: {first}");
    }
}
