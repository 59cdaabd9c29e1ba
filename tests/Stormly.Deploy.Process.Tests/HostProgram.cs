using System.Diagnostics;
using System.Runtime.InteropServices;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.Process.Records;
using Stormly.Deploy.Process.Stopping;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.Process.Tests;

/// <summary>A host application in a process of its own, with the real backend, made to be killed.</summary>
internal sealed class HostProgram : IDisposable
{
    private readonly OsProcess _process;

    private HostProgram(OsProcess process) => _process = process;

    /// <summary>Runs it to its end and answers what it printed.</summary>
    public static async Task<string> RunAsync(string limits, string verb, string folder, string command, params string[] more)
    {
        using var host = Start(limits, verb, folder, command, more);
        var output = await host._process.StandardOutput.ReadToEndAsync(Sandbox.Token);
        await host._process.WaitForExitAsync(Sandbox.Token);
        return output;
    }

    /// <summary>Starts it and waits for the moment.</summary>
    public static async Task<HostProgram> StartAsync(string verb, string folder, string command)
    {
        var host = Start("", verb, folder, command);
        Assert.Equal("ready", await host._process.StandardOutput.ReadLineAsync(Sandbox.Token));
        return host;
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Sandbox.Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>Everything that lives of the instances that a folder has records of.</summary>
    public static IReadOnlyList<ProcStat> Living(string folder)
        => [.. Directory.GetDirectories(folder)
            .Select(f => RecordFile.Read(Path.Combine(f, RecordFile.Name)))
            .OfType<InstanceRecord>()
            .Select(r => InstanceMembers.Find(new InstanceIdentity(r.Marker!, 0, 0, IsOwnChild: false)))
            .SelectMany(m => (ProcStat[])[.. m.Plugin, .. m.Watchers])];

    private static HostProgram Start(string limits, string verb, string folder, string command, params string[] more)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Stormly.Deploy.ProcessHostProgram", own.Name, "process-host.dll");
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{limits}\nexec \"$@\"", "sh", dotnet, program, verb, folder, command, .. more]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment[DeclaredPorts.Variable] = $"{DeclaredPorts.NextBlock()}";
        return new HostProgram(OsProcess.Start(start)!);
    }
}
