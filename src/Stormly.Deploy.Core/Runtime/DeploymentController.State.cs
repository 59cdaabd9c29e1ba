using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <content>What outlives the host application: one document, changed by decisions and written in the background.</content>
internal sealed partial class DeploymentController
{
    private readonly StateWriter _writer;
    private DeploymentDocument _document;

    /// <summary>Up to which number decisions may be told to those who go on after a number.</summary>
    public long Settled => _writer.Settled;

    /// <summary>Completes when the next write of decisions was tried, or there will be none any more.</summary>
    public Task NextWrite => Task.WhenAny(_writer.Tried, Over);

    /// <summary>Waits until what was decided so far is stored, as far as that is possible.</summary>
    /// <returns>A task.</returns>
    public Task WhenWrittenAsync() => _writer.Flush();

    private void Store(DeploymentEffect.Store store)
    {
        _document = Present() with { Serves = store.Goal is { } goal ? Fleet(goal) : _document.Serves };
        _writer.Put(_document, error =>
        {
            if (error is null)
            {
                Release(store.Tickets, c => c.TrySetResult(Snapshot));
                return;
            }

            TryTell(new DeploymentEvent.Noted(DecisionKind.Deploy, Plugin.Value, "go on without having stored what serves", error.Message, Trouble: true));
            var told = new PluginDeploymentException($"Plugin '{Plugin}' serves, but after a restart of the host application it would not come back like this: {error.Message}", error);
            Release(store.Tickets, c => c.TrySetException(told));
        });
    }

    private void Remember(DeploymentEffect.Remember remember)
    {
        _document = Present() with { Revisions = [.. remember.Revisions.Select(RevisionNote.Of)] };
        _writer.Put(_document, error =>
        {
            if (error is not null)
            {
                TryTell(new DeploymentEvent.Noted(DecisionKind.Deploy, Plugin.Value, "go on without having stored what became of the revisions", error.Message, Trouble: true));
            }

            Prune();
        });
    }

    private void Undertake(DeploymentEffect.Undertake undertake)
    {
        _document = Present() with { Rollout = undertake.Rollout is { } rollout ? Rollout(rollout) : null };
        _writer.Put(_document, error =>
        {
            if (error is not null)
            {
                TryTell(new DeploymentEvent.Noted(DecisionKind.Deploy, Plugin.Value, "go on without having stored what is coming in", error.Message, Trouble: true));
            }
        });
    }

    private void Forgo(DeploymentEffect.Forgo forgo)
    {
        var now = Present();
        _document = now with { Paused = now.Paused && !forgo.Pause, Canary = forgo.Canary ? null : now.Canary };
        _writer.Put(_document, error =>
        {
            if (error is not null)
            {
                TryTell(new DeploymentEvent.Noted(DecisionKind.Recover, Plugin.Value, "go on without having stored what does not come back", error.Message, Trouble: true));
            }
        });
    }

    private DeploymentDocument Present() => _document with
    {
        Registered = Registered?.Min,
        RegisteredMax = Registered?.Max,
        Source = Source,
        Ended = null,
        Paused = _state.KnowsRollouts ? _state.Pause is not null : _document.Paused,
        Canary = !_state.KnowsRollouts ? _document.Canary : _state.Canary is { } tried ? new StoredCanary { Revision = tried.Revision.Digest, Spec = tried.Spec } : null,
    };

    private static StoredFleet Fleet(FleetGoal goal) => new()
    {
        Revision = goal.Revision.Digest,
        Instances = goal.Wanted,
        Min = goal.Range?.Min,
        Max = goal.Range?.Max,
        MaxRequestsPerInstance = goal.MaxRequestsPerInstance,
        MemoryBytes = goal.MemoryBytes == 0 ? null : goal.MemoryBytes,
    };

    private static StoredRollout Rollout(RolloutState rollout) => new(Fleet(rollout.Goal)) { KeepTrying = rollout.KeepTrying, Resumed = rollout.Resumed };

    /// <summary>Removes the oldest revisions beyond the number that is kept; never one that runs, is wanted, is stored as one to come back, or would be gone back to.</summary>
    private void Prune()
    {
        var (state, stored) = (Volatile.Read(ref _state), _writer.Durable);
        var used = state.Instances.Select(i => i.Revision).Append(state.Goal?.Revision).Append(state.Stable?.Revision).Append(state.Canary?.Revision)
            .Append(stored?.Serves?.Id).Append(stored?.Rollout?.Id).Append(stored?.Canary is { } canary ? new RevisionId(canary.Revision) : null)
            .Append(RollbackChoice.Default(state.Revisions, state.Goal?.Revision)).Append(RollbackChoice.Default(state.Revisions, state.Stable?.Revision)).OfType<RevisionId>().ToHashSet();
        var removed = _services.Revisions.Prune(Plugin, _services.Machine.Rollout.RevisionsKept, used);
        if (!removed.IsEmpty)
        {
            TryTell(new DeploymentEvent.Pruned(removed));
        }
    }

    private void Forget() => _writer.Delete(error =>
    {
        if (error is not null)
        {
            TryTell(new DeploymentEvent.Noted(DecisionKind.Remove, Plugin.Value, "go on without having deleted what is stored", error.Message, Trouble: true));
        }
    });

    private void Finish(bool removed)
    {
        if (removed)
        {
            _writer.After(() => _services.Revisions.RemoveAll(Plugin));
        }
        else if (!_writer.OnlyWithDocument)
        {
            _document = Present() with { Ended = _decisions.Last };
            _writer.Put(_document, error =>
            {
                if (error is not null)
                {
                    LogTrouble(_services.Logger, Plugin, "end without having stored that it was planned", error.Message);
                }
            });
        }
    }

    /// <summary>Whoever reads the decisions learns that there may have been more of them.</summary>
    private void NoteMissing(RecalledDeployment recalled)
    {
        if (recalled.MayLackDecisions)
        {
            var why = string.Create(CultureInfo.InvariantCulture, $"the host application did not end as planned: what it decided after decision {_decisions.Last} was not stored any more, if it was anything");
            TryTell(new DeploymentEvent.Noted(DecisionKind.Recover, Plugin.Value, string.Create(CultureInfo.InvariantCulture, $"go on with decision {_decisions.Last + 1}"), why));
        }
    }
}
