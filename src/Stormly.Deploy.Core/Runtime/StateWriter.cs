using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Writes what a controller wants to be kept, in the background and in its order: what gathers while one write is under way goes out with the next, in one piece.
/// What could not be written stays, and is tried again with the next change.
/// </summary>
/// <param name="plugin">The plugin.</param>
/// <param name="store">Where it is written.</param>
/// <param name="work">What the writing runs in.</param>
/// <param name="onLost">Told why something could not be written that nobody waits for.</param>
/// <param name="settled">Up to which number decisions are durable; null where none ever is, because none are kept.</param>
internal sealed class StateWriter(PluginName plugin, IDeploymentStore store, BackgroundWork work, Action<Exception> onLost, long? settled)
{
    /// <summary>How many decisions wait for a store that cannot be written; the oldest go.</summary>
    private const int Held = 1000;

    private readonly Lock _lock = new();
    private ImmutableArray<DecisionRecord> _decisions = [];
    private ImmutableArray<Action<Exception?>> _waiting = [];
    private DeploymentDocument? _document;
    private TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _drain = Task.CompletedTask;
    private long? _settled = settled;
    private bool _asked;
    private bool _writing;
    private bool _delete;
    private bool _over;

    /// <summary>The document that is durable.</summary>
    public DeploymentDocument? Durable { get; set; }

    /// <summary>Whether decisions wait for the first document: what is there cannot be trusted, and is not touched for their sake.</summary>
    public bool OnlyWithDocument { get; set; }

    /// <summary>
    /// Up to which number decisions may be told to those who go on after a number: no later run of the host application gives one of these to another decision. That is what is
    /// durable; it is everything where nothing is kept, or will not be.
    /// </summary>
    public long Settled
    {
        get
        {
            lock (_lock)
            {
                return _over || OnlyWithDocument ? long.MaxValue : _settled ?? long.MaxValue;
            }
        }
    }

    /// <summary>Completes when the next write was tried, whatever came of it.</summary>
    public Task Tried
    {
        get
        {
            lock (_lock)
            {
                return _tried.Task;
            }
        }
    }

    /// <summary>Adds a decision to what is written next.</summary>
    /// <param name="decision">The decision.</param>
    public void Note(DecisionRecord decision)
    {
        lock (_lock)
        {
            _decisions = _over ? [] : Bound(_decisions.Add(decision));
        }
    }

    /// <summary>Keeps a document in the place of the one before.</summary>
    /// <param name="document">The document.</param>
    /// <param name="then">Called when it is durable, or with the error.</param>
    public void Put(DeploymentDocument document, Action<Exception?> then)
    {
        lock (_lock)
        {
            _document = _over ? null : document;
            _waiting = _waiting.Add(then);
        }
    }

    /// <summary>Deletes all that is kept, after what was put before. Nothing is written any more.</summary>
    /// <param name="then">Called when that is durable, or with the error.</param>
    public void Delete(Action<Exception?> then)
    {
        lock (_lock)
        {
            (_delete, _over) = (true, true);
            _waiting = _waiting.Add(then);
        }
    }

    /// <summary>Does something after everything that was put before.</summary>
    /// <param name="then">What.</param>
    public void After(Action then)
    {
        lock (_lock)
        {
            _waiting = _waiting.Add(_ => then());
        }
    }

    /// <summary>Lets what has gathered be written. Does not wait for it.</summary>
    /// <returns>A task that completes when it was tried.</returns>
    public Task Flush()
    {
        lock (_lock)
        {
            if (_document is null && _waiting.IsEmpty && !_delete && (_decisions.IsEmpty || OnlyWithDocument))
            {
                return _drain;
            }

            _asked = true;
            if (!_writing)
            {
                _writing = true;
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _drain = done.Task;
                work.Run(async () =>
                {
                    try
                    {
                        await DrainAsync().ConfigureAwait(false);
                    }
                    finally
                    {
                        done.SetResult();
                    }
                });
            }

            return _drain;
        }
    }

    private async Task DrainAsync()
    {
        while (TryTake(out var taken))
        {
            var error = await WriteAsync(taken).ConfigureAwait(false);
            if (error is not null)
            {
                PutBack(taken, error);
            }

            Settle(taken, error);
            foreach (var then in taken.Waiting)
            {
                Call(then, error);
            }
        }
    }

    private void Settle(Taken taken, Exception? error)
    {
        lock (_lock)
        {
            _settled = _settled is not null && error is null && !taken.Decisions.IsEmpty ? taken.Decisions[^1].Sequence : _settled;
            OnlyWithDocument &= error is not null || taken.Document is null;
            _tried.SetResult();
            _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Whoever waits may fail, and nobody else for it: what comes after is written all the same.</summary>
    private void Call(Action<Exception?> then, Exception? error)
    {
        try
        {
            then(error);
        }
        catch (Exception bug)
        {
            work.Tell(bug);
        }
    }

    private bool TryTake(out Taken taken)
    {
        lock (_lock)
        {
            (taken, var asked) = (new Taken(_document, _decisions, _waiting, _delete), _asked);
            (_asked, _writing) = (false, asked);
            if (asked)
            {
                (_document, _decisions, _waiting, _delete) = (null, [], [], false);
            }

            return asked;
        }
    }

    /// <summary>A store may be anybody's: whatever it throws, the deployment goes on.</summary>
    private async Task<Exception?> WriteAsync(Taken taken)
    {
        try
        {
            if (taken.Document is not null || !taken.Decisions.IsEmpty)
            {
                await store.WriteAsync(plugin, new StoreChange { Document = taken.Document?.ToUtf8(), Decisions = taken.Decisions }, CancellationToken.None).ConfigureAwait(false);
                Durable = taken.Document ?? Durable;
            }

            if (taken.Delete)
            {
                await store.DeleteAsync(plugin, CancellationToken.None).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private void PutBack(Taken taken, Exception error)
    {
        lock (_lock)
        {
            if (!_over)
            {
                _document ??= taken.Document;
                _decisions = Bound(taken.Decisions.AddRange(_decisions));
            }
        }

        if (taken.Waiting.IsEmpty)
        {
            onLost(error);
        }
    }

    private static ImmutableArray<DecisionRecord> Bound(ImmutableArray<DecisionRecord> all) => all.Length <= Held ? all : all[^Held..];

    private sealed record Taken(DeploymentDocument? Document, ImmutableArray<DecisionRecord> Decisions, ImmutableArray<Action<Exception?>> Waiting, bool Delete);
}
