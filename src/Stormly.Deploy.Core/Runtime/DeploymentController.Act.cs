using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>Carries out what was decided.</content>
internal sealed partial class DeploymentController
{
    private void Act(DeploymentEffect effect)
    {
        switch (effect)
        {
            case DeploymentEffect.Start e: Start(e); break;
            case DeploymentEffect.CancelStart e: _runners[e.Id].CancelStart(); break;
            case DeploymentEffect.Probe e: Run(_runners[e.Id], runner => runner.ProbeAsync(e)); break;
            case DeploymentEffect.Verify e: Run(_runners[e.Id], runner => runner.VerifyAsync()); break;
            case DeploymentEffect.Stop e: Stop(e); break;
            case DeploymentEffect.TakeOver e: TakeOver(e); break;
            case DeploymentEffect.LetGo e: Run(_runners[e.Id], runner => runner.LetGoAsync(e.Drain)); break;
            case DeploymentEffect.Store e: Store(e); break;
            case DeploymentEffect.Undertake e: Undertake(e); break;
            case DeploymentEffect.Forgo e: Forgo(e); break;
            case DeploymentEffect.Remember e: Remember(e); break;
            case DeploymentEffect.ReadCanary e: ReadCanary(e); break;
            case DeploymentEffect.Forget: Forget(); break;
            case DeploymentEffect.Refuse e: Refuse(e); break;
            case DeploymentEffect.Finish e: Finish(e.Removed); break;
            default: break;
        }
    }

    /// <summary>Before the route is published, so that it shows the new page at once.</summary>
    private void Relabel(DeploymentEffect.Relabel relabel)
    {
        if (FindRevision(relabel.Revision) is { } revision)
        {
            foreach (var runner in relabel.Ids.Select(id => _runners.GetValueOrDefault(id)).OfType<InstanceRunner>())
            {
                runner.Use(revision);
                Run(runner, r => r.NoteRevisionAsync(relabel.Revision));
            }
        }
    }

    private void Start(DeploymentEffect.Start start)
    {
        if (FindRevision(start.Revision) is not { } revision)
        {
            _work.Run(() => TellAsync(new DeploymentEvent.LaunchFailed(new StartFailure { Instance = start.Id, Reason = "its revision is not stored any more", Incurable = true })));
            return;
        }

        var runner = new InstanceRunner(start.Id, revision, _services, _clock, TellAsync, _over.Token);
        _runners[start.Id] = runner;
        Run(runner, r => r.StartAsync());
    }

    private void Stop(DeploymentEffect.Stop stop)
    {
        var runner = _runners[stop.Id];
        if (_state.Instances.Any(i => i.Id == stop.Id && (i.Dead || i.Trouble is not null)))
        {
            runner.MarkFailed();
        }

        Run(runner, r => r.StopAsync(stop.Drain));
    }

    private void Run(InstanceRunner runner, Func<InstanceRunner, Task> work) => _work.Run(() => work(runner));

    private void Note(DeploymentEffect.Record decision, Moment now)
    {
        var record = _decisions.Add(now.Wall, decision);
        _writer.Note(record);
        if (decision.Kind == DecisionKind.BackOff)
        {
            _services.Metrics.Failed(Plugin);
        }

        if (decision.Trouble || decision.Kind is DecisionKind.Replace or DecisionKind.BackOff or DecisionKind.Rollback)
        {
            LogTrouble(_services.Logger, Plugin, record.What, record.Why);
        }
        else
        {
            LogDecision(_services.Logger, Plugin, record.What, record.Why);
        }
    }
}
