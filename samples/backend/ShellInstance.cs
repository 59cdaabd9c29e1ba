using System.Diagnostics;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace ShellBackend;

internal sealed class ShellInstance : IInstance
{
    /// <summary>Signals whatever carries the mark in its environment, wherever it went (children, daemons, new sessions), and tells whether there was any.</summary>
    private const string Signal = "p=$(grep -lszxF \"SHELL_INSTANCE=$1\" /proc/[0-9]*/environ | cut -d/ -f3); [ -z \"$p\" ] || kill -s \"$2\" $p; [ -n \"$p\" ]";
    private readonly (InstanceSpec Spec, Action<ShellInstance> Forget) _own;
    private readonly CancellationTokenSource _force = new();
    private readonly Process _process;
    private readonly Task _output;
    private string _tail = "";
    private volatile bool _stopping;
    private Task<InstanceExit>? _stop;

    public ShellInstance(InstanceSpec spec, int port, Action<ShellInstance> forget)
    {
        (_own, Address) = ((spec, forget), new InstanceAddress("127.0.0.1", port));
        var start = Shell(spec.StartCommand); // one argument: data, never part of another command line
        start.WorkingDirectory = spec.WorkFolder;
        start.Environment.Clear(); // from nothing: no secret of the host application gets through
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        spec.Environment.ToList().ForEach(v => start.Environment[v.Key] = v.Value); // exactly, and before the contract's own
        (start.Environment["MANIFEST_FILE"], start.Environment["LOG_FILE"]) = (spec.ManifestFile, spec.LogFile);
        (start.Environment["PORT"], start.Environment["SHELL_INSTANCE"]) = ($"{port}", spec.Folder);
        _process = Process.Start(start)!;
        _output = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        Exited = WatchAsync();
    }

    public InstanceId Id => _own.Spec.Id;
    public InstanceAddress Address { get; }
    public Task<InstanceExit> Exited { get; }
    public string ReadOutputTail() => PrintableText.Escape(_tail, keepLineBreaks: true);
    public ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken) => new(new ListenerCheck(ListenerVerdict.Ours));
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
    public async Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force)
    {
        await using var hurry = force.Register(_force.Cancel);
        lock (_force)
        {
            _stop ??= EndAsync(grace); // a second call waits for the same end
        }
        return await _stop;
    }

    private static ProcessStartInfo Shell(params string[] words) => new("/bin/sh", ["-c", .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
    private async Task<InstanceExit> EndAsync(TimeSpan grace)
    {
        _stopping = true;
        var any = await SignalAsync("TERM");
        for (var end = DateTime.UtcNow + grace; any && DateTime.UtcNow < end && !_force.IsCancellationRequested; any = await SignalAsync("0"))
        {
            await Task.Delay(10);
        }
        while (await SignalAsync("KILL"))
        {
            await Task.Delay(5); // until nobody is left who could have forked
        }
        await _output; // nobody holds the streams any more
        _own.Forget(this);
        return await Exited;
    }

    private async Task<bool> SignalAsync(string name)
    {
        using var signal = Process.Start(Shell(Signal, "sh", _own.Spec.Folder, name))!;
        await signal.WaitForExitAsync();
        return signal.ExitCode == 0;
    }

    private async Task<InstanceExit> WatchAsync()
    {
        await _process.WaitForExitAsync();
        await Task.WhenAny(_output, Task.Delay(250)); // the last words; a grandchild may hold the streams open
        int? code = _process.ExitCode, signal = code is > 128 and < 160 ? code - 128 : null; // what a shell and .NET make of a signal
        var exit = new InstanceExit { Cause = ExitCause.Stopped, Reason = "was stopped", ExitCode = signal is null ? code : null, Signal = signal, OutputTail = ReadOutputTail() };
        return _stopping ? exit : exit with { Cause = code is 126 or 127 ? ExitCause.CommandNotRunnable : ExitCause.OnItsOwn, Reason = $"ended by itself with code {code}" };
    }

    private async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is var read and > 0) // blocks, not lines: a plugin may never write a line feed
        {
            lock (_own.Spec)
            {
                _tail += new string(buffer, 0, read);
                _tail = _tail[Math.Max(0, _tail.Length - 8192)..];
            }
        }
    }
}
