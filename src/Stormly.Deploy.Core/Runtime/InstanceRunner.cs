using Stormly.Deploy.Health;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>The hands of a controller on one instance: starts, asks and stops it, and tells the controller what came of it. Decides nothing.</summary>
internal sealed partial class InstanceRunner(InstanceId id, RunnableRevision revision, RuntimeServices services, DeploymentClock clock, Func<DeploymentEvent, Task> tell, CancellationToken over) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<RouteTarget> _targets = [];
    private IInstance? _instance;
    private IDisposable? _logWatch;
    private bool _failed;

    public RevisionId Revision => revision.Stored.Id;

    /// <summary>What requests claim; null while none may. Owned by the controller's loop.</summary>
    public RouteTarget? Target { get; private set; }

    /// <summary>Opens the instance to requests, or closes it. A closed target stays closed, so each opening makes a new one.</summary>
    public void Route(bool open)
    {
        if (open && Target is null)
        {
            Target = new RouteTarget(id, Revision, _instance!.Address, revision.Endpoint);
            _targets.RemoveAll(t => t.Drained.IsCompleted);
            _targets.Add(Target);
        }
        else if (!open && Target is not null)
        {
            Target.Close();
            Target = null;
        }
    }

    /// <summary>Lets the instance go on as one of a revision that it cannot tell from its own. Requests under way keep what they were checked by.</summary>
    /// <param name="newer">The revision.</param>
    public void Use(RunnableRevision newer)
    {
        revision = newer;
        Target?.Use(newer.Stored.Id, newer.Endpoint);
    }

    public void MarkFailed() => _failed = true;

    public void CancelStart() => _end.Cancel();

    /// <summary>Gives up what is still on its way. The source itself stays: a probe that is only about to begin looks at it, and without a timer it holds nothing.</summary>
    public void Dispose() => _end.Cancel();

    public async Task StartAsync()
    {
        using var bound = new CancellationTokenSource(services.Machine.Start.Deadline, services.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, _end.Token);
        try
        {
            _instance = await LaunchAsync(both.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            _logWatch?.Dispose();
            services.Folders.Remove(id, revision.Stored.Plugin, keepLog: false);
            await tell(new DeploymentEvent.LaunchFailed(Describe(error, bound.IsCancellationRequested))).ConfigureAwait(false);
            return;
        }

        await tell(new DeploymentEvent.Launched(id, _instance.Address.ToString())).ConfigureAwait(false);
        await WatchAsync().ConfigureAwait(false);
    }

    public async Task ProbeAsync(DeploymentEffect.Probe probe)
    {
        var begun = clock.Now.Uptime;
        var (answer, status, detail) = await InstanceProbe.AskAsync(_instance!, revision, services, probe, _end.Token).ConfigureAwait(false);
        var ended = clock.Now.Uptime;
        services.Metrics.Checked(revision.Stored.Plugin, ended - begun);
        var tail = probe.Proving && answer != ProbeAnswer.Good ? _instance!.ReadOutputTail() : "";
        await tell(new DeploymentEvent.Probed(id, new ProbeReport(answer, status, detail, probe.Due, begun, ended), tail)).ConfigureAwait(false);
    }

    /// <summary>Runs the examples of the revision. Whatever goes wrong in that itself does not keep the instance from its requests.</summary>
    public async Task VerifyAsync()
    {
        var outcome = ExampleOutcome.None;
        try
        {
            outcome = services.Examples is { } examples ? await examples.CheckAsync(revision, _instance!.Address, _end.Token).ConfigureAwait(false) : outcome;
        }
        catch (Exception error)
        {
            outcome = outcome with { Note = $"running examples failed: {error.Message}" };
        }

        var tail = outcome.Blocks ? _instance!.ReadOutputTail() : "";
        await tell(new DeploymentEvent.Verified(id, outcome, tail)).ConfigureAwait(false);
    }

    /// <summary>Lets the instance finish its requests where <paramref name="drain"/> is true, then ends it with everything that it started.</summary>
    public async Task StopAsync(bool drain)
    {
        if (drain)
        {
            await DrainAsync().ConfigureAwait(false);
            await tell(new DeploymentEvent.Drained(id)).ConfigureAwait(false);
        }

        await _end.CancelAsync().ConfigureAwait(false);
        var problem = await EndAsync().ConfigureAwait(false);
        _logWatch?.Dispose();
        await CloseNoteAsync().ConfigureAwait(false);
        if (problem is null)
        {
            services.Folders.Remove(id, revision.Stored.Plugin, _failed);
        }
        else
        {
            // What cannot be ended may never exit: nobody waits for it any more.
            _watchOver.TrySetResult();
        }

        await tell(new DeploymentEvent.Ended(id, problem)).ConfigureAwait(false);
        if (problem is not null)
        {
            await GiveBackAsync().ConfigureAwait(false);
        }
    }

    private async Task<IInstance> LaunchAsync(CancellationToken cancellationToken)
    {
        var (manifest, problem) = await ManifestRefresh.GetAsync(revision, cancellationToken).ConfigureAwait(false);
        if (problem is not null)
        {
            await tell(new DeploymentEvent.Noted(DecisionKind.Start, id.Value, "start with the stored manifest", problem)).ConfigureAwait(false);
        }

        var stored = revision.Stored;
        var folder = services.Folders.Create(id, stored, manifest, cancellationToken);
        WriteFirstNote(stored);
        _logWatch = services.Logs.Watch(folder.Log);
        var spec = new InstanceSpec
        {
            Id = id,
            Plugin = stored.Plugin,
            Revision = stored.Id,
            StartCommand = stored.Spec.StartServerCmd,
            DeclaredPort = stored.Spec.Port,
            StatusPath = stored.Spec.StatusPath,
            RequestPath = stored.Spec.RequestPath,
            Folder = folder.Path,
            WorkFolder = folder.Work,
            ManifestFile = folder.Manifest,
            LogFile = folder.Log,
            Environment = stored.Environment,
            OrphanGrace = services.Stop.Grace,
            OutlivesHost = services.WhenHostEnds != HostEndAction.EndPlugins,
        };
        return await services.Host.StartAsync(spec, cancellationToken).ConfigureAwait(false);
    }

    private async Task DrainAsync()
    {
        using var bound = new CancellationTokenSource(services.Stop.Drain, services.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, services.Force);
        await Task.WhenAll(_targets.Select(t => t.Drained)).WaitAsync(both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<string?> EndAsync()
    {
        try
        {
            await _instance!.StopAsync(services.Force.IsCancellationRequested ? TimeSpan.Zero : services.Stop.Grace, services.Force).ConfigureAwait(false);
            await _instance.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception error)
        {
            return error.Message;
        }
    }

    /// <summary>
    /// Disposes of an instance that could not be ended, which lets its backend try once more and free what it holds. Nobody waits for that longer than the deployment is there:
    /// what lives even then is ended with the backend, which knows all its instances.
    /// </summary>
    private async Task GiveBackAsync()
    {
        try
        {
            await _instance!.DisposeAsync().AsTask().WaitAsync(over).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The backend's own end comes next.
        }
        catch (Exception error)
        {
            await tell(new DeploymentEvent.Noted(DecisionKind.Stop, id.Value, $"leave what is left of {id} to the backend", error.Message)).ConfigureAwait(false);
        }
    }

    private StartFailure Describe(Exception error, bool late) => new()
    {
        Instance = id,
        Reason = error switch
        {
            InstanceStartException start => start.Reason,
            OperationCanceledException when late => "its start took longer than the start deadline",
            OperationCanceledException => "its start was given up",
            _ => error.Message,
        },
        ExitCode = (error as InstanceStartException)?.ExitCode,
        OutputTail = (error as InstanceStartException)?.OutputTail ?? "",
        Cause = error,
    };
}
