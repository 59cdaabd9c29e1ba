using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker;

/// <content>
/// What it writes. The engine leaves behind whoever follows the output of a container that writes much in a short time: it begins a new file before the old one is read. So
/// the last lines are asked for once more when it falls silent after much output, and at its end.
/// </content>
internal sealed partial class DockerInstance
{
    /// <summary>Less than this fills no file of the engine's.</summary>
    private const long Much = 64 * 1024;

    private OutputTail _output;
    private Task _following = Task.CompletedTask;

    public string ReadOutputTail() => Volatile.Read(ref _output).Render();

    /// <summary>Begins to read its output.</summary>
    public void Follow() => _following = Task.Run(FollowAsync);

    /// <summary>Reads the output until the container ends, over every connection that the engine drops and every file that it begins.</summary>
    private async Task FollowAsync()
    {
        for (var first = true; !_outputEnd.IsCancellationRequested; first = false)
        {
            using var behind = CancellationTokenSource.CreateLinkedTokenSource(_outputEnd.Token);
            var looking = LookForMoreAsync(behind);
            try
            {
                var before = Volatile.Read(ref _output);
                var tail = first ? before : new OutputTail(_owner.Options.OutputTailBytes);
                await _owner.Calls.FollowOutputAsync(ContainerId, onlyLast: !first, bytes => Take(tail, before, bytes), behind.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // Left behind, gone, or the engine is away: whether it has ended is for the watcher to find out.
            }

            await behind.CancelAsync().ConfigureAwait(false);
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)_end.Task).WaitAsync(_owner.Options.ReconnectEvery, _owner.Time, _outputEnd.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_end.Task.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>A tail takes the place of the one before with its first bytes, unless the last words have come meanwhile.</summary>
    private void Take(OutputTail tail, OutputTail before, ReadOnlySpan<byte> bytes)
    {
        tail.Append(bytes);
        Interlocked.CompareExchange(ref _output, tail, before);
    }

    /// <summary>Ends the following where it was left behind.</summary>
    private async Task LookForMoreAsync(CancellationTokenSource behind)
    {
        var (checkedAt, seen) = (0L, 0L);
        while (!behind.IsCancellationRequested)
        {
            await Task.Delay(_owner.Options.ReconnectEvery, _owner.Time, behind.Token).ConfigureAwait(false);
            var tail = Volatile.Read(ref _output);
            var (silent, written) = (tail.BytesWritten == seen, tail.BytesWritten);
            seen = written;
            if (!silent || written - checkedAt < Much)
            {
                continue;
            }

            checkedAt = written;
            if (await TryReadLastAsync(behind.Token).ConfigureAwait(false) is { } last && tail.BytesWritten == written && last.Render() != tail.Render())
            {
                await behind.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Lets the following come to its end, and asks for the last lines once more.</summary>
    private async Task ReadLastWordsAsync(TimeSpan limit)
    {
        await _following.WaitAsync(limit, _owner.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var bound = new CancellationTokenSource(limit, _owner.Time);
        if (await TryReadLastAsync(bound.Token).ConfigureAwait(false) is { } last)
        {
            Volatile.Write(ref _output, last);
        }
    }

    /// <summary>Asks the engine for the last lines; null where there are none, or it does not tell.</summary>
    private async Task<OutputTail?> TryReadLastAsync(CancellationToken cancellationToken)
    {
        var last = new OutputTail(_owner.Options.OutputTailBytes);
        try
        {
            await _owner.Calls.ReadLastOutputAsync(ContainerId, last.Append, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Gone, or the engine is away: what was read so far has to do.
            return null;
        }

        return last.BytesWritten > 0 ? last : null;
    }
}
