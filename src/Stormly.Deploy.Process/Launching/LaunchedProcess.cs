using System.IO.Pipes;
using CliWrap;
using Microsoft.Win32.SafeHandles;
using Stormly.Deploy.Hosts;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.Process.Launching;

/// <summary>A plugin's shell that runs, with its lifeline, its output and its exit code.</summary>
internal sealed class LaunchedProcess : ILeader
{
    private readonly TaskCompletionSource<int?> _exitCode = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _release = new();
    private SafePipeHandle? _lifeline;

    private readonly OutputTail _output;
    private readonly OutputFile? _file;

    private LaunchedProcess(LaunchPlan plan) => (_output, _file) = (new OutputTail(plan.OutputTailBytes), plan.Output);

    /// <inheritdoc/>
    public int Pid { get; private set; }

    /// <summary>Learnt from the leader's end, not from the end of its output.</summary>
    public Task<int?> Ended => _exitCode.Task;

    /// <inheritdoc/>
    public Task OutputEnded { get; private set; } = Task.CompletedTask;

    /// <summary>Starts the command.</summary>
    /// <param name="plan">What to start.</param>
    /// <returns>The running process.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">The system did not start it.</exception>
    public static LaunchedProcess Start(LaunchPlan plan)
    {
        var launched = new LaunchedProcess(plan);
        var task = Cli.Wrap(plan.Setsid)
            .WithWorkingDirectory(plan.WorkFolder)
            .WithStandardInputPipe(PipeSource.Create(launched.HoldLifelineAsync))
            .WithStandardOutputPipe(PipeTarget.Create(launched._output.DrainAsync))
            .WithStandardErrorPipe(PipeTarget.Create(launched._output.DrainAsync))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(start => Configure(start, plan), launched.Observe, launched._release.Token);
        launched.Pid = task.ProcessId;
        launched.OutputEnded = launched.FollowAsync(task);
        return launched;
    }

    /// <summary>What came through the pipes; where a file takes the output, that is only what could not be written there.</summary>
    public string ReadOutputTail() => _output.BytesWritten > 0 || _file is null ? _output.Render() : _file.ReadTail();

    /// <summary>Lets go of the lifeline: the watcher ends whatever is left. Idempotent.</summary>
    public void ReleaseLifeline() => Interlocked.Exchange(ref _lifeline, null)?.DangerousRelease();

    /// <summary>Lets go of the lifeline and of the output, whoever still holds its other end.</summary>
    public void Release()
    {
        ReleaseLifeline();
        _release.Cancel();
    }

    /// <inheritdoc/>
    public void LetGo()
    {
        // A process that outlives its host has left the pipes before its first step, and nobody else waits for it.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ReleaseLifeline();
        _release.Dispose();
    }

    /// <summary>
    /// The host never writes to the pipe; that its end is open is the message. Its stream is closed for us when the leader ends; the handle is kept
    /// beyond that, so that it is the instance that says when the leftovers end.
    /// </summary>
    private async Task HoldLifelineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var added = false;
        (stream as PipeStream)?.SafePipeHandle.DangerousAddRef(ref added);
        _lifeline = added ? ((PipeStream)stream).SafePipeHandle : null;
        var held = new TaskCompletionSource();
        await using var ended = cancellationToken.Register(() => held.TrySetCanceled(cancellationToken)).ConfigureAwait(false);
        await held.Task.ConfigureAwait(false);
    }

    private static void Configure(System.Diagnostics.ProcessStartInfo start, LaunchPlan plan)
    {
        start.Arguments = "";
        foreach (var word in plan.Output is null ? LifelineShim.Arguments(plan) : SurvivorShim.Arguments(plan, plan.Output))
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Clear();
        foreach (var (name, value) in plan.Environment)
        {
            start.Environment[name] = value;
        }
    }

    /// <summary>The process may have ended before anybody could listen for its end.</summary>
    private void Observe(OsProcess process)
    {
        process.Exited += (_, _) => Capture(process);
        Capture(process);
    }

    private void Capture(OsProcess process)
    {
        try
        {
            if (process.HasExited)
            {
                _exitCode.TrySetResult(process.ExitCode);
            }
        }
        catch (InvalidOperationException)
        {
            // Its owner has disposed of it in the meantime, and then brings the code itself.
        }
    }

    private async Task FollowAsync(CommandTask<CommandResult> task)
    {
        try
        {
            var result = await task.Task.ConfigureAwait(false);
            _exitCode.TrySetResult(result.ExitCode);
        }
        catch (Exception)
        {
            // Released by force, or a pipe broke: the exit code came from the process itself, or cannot be learnt any more.
            _exitCode.TrySetResult(128 + Linux.Native.SignalKill);
        }
    }
}
