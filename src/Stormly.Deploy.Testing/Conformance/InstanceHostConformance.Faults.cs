using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Xunit;

namespace Stormly.Deploy.Testing;

public abstract partial class InstanceHostConformance
{
    private const string NothingLeft = "when StartAsync throws or is cancelled, nothing of the instance is left running.";

    /// <summary>A start that was cancelled beforehand starts nothing.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Faults)]
    public async Task I_can_cancel_a_start_before_it_begins()
    {
        var spec = App.Spec("serve --port $PORT --deaf");
        var error = await Record.ExceptionAsync(() => App.Host.StartAsync(spec, new CancellationToken(canceled: true)));
        if (error is not OperationCanceledException)
        {
            throw Breach.Of("StartAsync throws OperationCanceledException where its token was cancelled.", error is null ? "it started." : $"{error.GetType().Name}: {error.Message}", Guide.Cancellation, cause: error);
        }

        await BeSureThatAllHaveBegunAsync();
        MustBeGone(spec, NothingLeft, Guide.Cancellation);
    }

    /// <summary>A start may be cancelled at any moment: it either gives an instance or leaves nothing.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Faults)]
    public async Task I_can_cancel_a_start_at_any_moment()
    {
        var begun = TimeProvider.System.GetTimestamp();
        await App.StartAsync("serve --port $PORT");
        var length = TimeProvider.System.GetElapsedTime(begun) * 1.2;

        var cancelled = new List<InstanceSpec>();
        for (var i = 0; i < Options.CancelledStarts; i++)
        {
            var spec = App.Spec("serve --port $PORT --deaf");
            using var moment = new CancellationTokenSource(length * i / Options.CancelledStarts, TimeProvider.System);
            try
            {
                var instance = await App.Host.StartAsync(spec, moment.Token).WaitAsync(Options.Patience, TimeProvider.System, Bench.Token);
                await App.StopAsync(instance, TimeSpan.Zero);
            }
            catch (OperationCanceledException) when (moment.IsCancellationRequested)
            {
                cancelled.Add(spec);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw Breach.Of("a cancelled StartAsync throws OperationCanceledException, and nothing else.", $"{e.GetType().Name}: {e.Message}", Guide.Cancellation, cause: e);
            }
        }

        await BeSureThatAllHaveBegunAsync();
        foreach (var spec in cancelled)
        {
            MustBeGone(spec, NothingLeft, Guide.Cancellation);
        }
    }

    /// <summary>Every other question may be given up as well.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Faults)]
    public async Task I_can_give_up_a_question()
    {
        var gone = new CancellationToken(canceled: true);
        var instance = await App.StartReadyAsync("serve --port $PORT");
        var plan = new PlacementPlan(App.Specs.First().Plugin, App.Specs.First().StartCommand, 5000, 1);
        Exception?[] errors =
        [
            await Record.ExceptionAsync(() => App.Host.CheckPlacementAsync(plan, gone).AsTask()),
            await Record.ExceptionAsync(() => instance.CheckListenerAsync(gone).AsTask()),
            await Record.ExceptionAsync(() => Bench.NewApplication().Host.RecoverAsync(new HostRecoveryRequest { InstancesFolder = App.StateFolder }, gone)),
        ];
        if (errors.FirstOrDefault(e => e is not (null or OperationCanceledException)) is { } error)
        {
            throw Breach.Of("a call whose token was cancelled answers all the same, or throws OperationCanceledException.", $"{error.GetType().Name}: {error.Message}", Guide.Cancellation, cause: error);
        }

        if (!await Bench.AnswersAsync(instance))
        {
            throw Breach.Of("a question that was given up changes nothing.", "the instance does not answer any more.", Guide.Cancellation, instance);
        }
    }

    /// <summary>A missing work folder is an error that says so, before anything runs.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Faults)]
    public async Task I_can_see_why_a_start_is_impossible()
    {
        var spec = App.Spec("serve --port $PORT");
        Directory.Delete(spec.WorkFolder, recursive: true);
        var error = await Record.ExceptionAsync(() => App.Host.StartAsync(spec, Bench.Token));
        if (error is not PluginDeploymentException || !error.Message.Contains(spec.WorkFolder, StringComparison.Ordinal))
        {
            throw Breach.Of(
                "a start that cannot be throws InstanceStartException (or BackendUnavailableException) with what is missing: here the work folder, by its path.",
                error is null ? "it started." : $"{error.GetType().Name}: {error.Message}", Guide.Start, cause: error);
        }
    }

    /// <summary>Rubbish in the place of records is no reason to fail, and nothing is done on its word.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Faults)]
    public async Task I_can_recover_from_rubbish()
    {
        Assert.True((await App.RecoverAsync()).Adopted.IsEmpty);
        string[] rubbish = ["", "\0\0\0", "{", "[1]", """{"pid":1,"Pid":1,"marker":"x","containerId":"0","format":1}"""];
        for (var i = 0; i < rubbish.Length; i++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(App.InstancesFolder, $"rubbish-{i}")).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, $"{App.Host.Kind}.json"), rubbish[i], Bench.Token);
            await File.WriteAllTextAsync(Path.Combine(folder, App.Host.Kind), rubbish[i], Bench.Token);
        }

        var report = await App.RecoverAsync([.. Enumerable.Range(0, rubbish.Length).Select(i => new InstanceId($"rubbish-{i}"))]);
        if (!report.Adopted.IsEmpty || report.Notes.Any(n => n.Ended))
        {
            throw Breach.Of("a record that is none proves nothing: nothing is adopted or ended on its word.", $"{report.Adopted.Length} adopted; notes: {Describe(report)}", Guide.Recovery);
        }

        await App.StartReadyAsync("serve --port $PORT");
    }

    /// <summary>Many starts in the same moment all succeed.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Faults)]
    public async Task I_can_start_many_in_the_same_moment()
    {
        var instances = await Task.WhenAll(Enumerable.Range(0, Options.ParallelStarts).Select(_ => Task.Run(() => App.StartReadyAsync("serve --port $PORT"))));
        if (instances.DistinctBy(i => i.Address).Count() < instances.Length)
        {
            throw Breach.Of("two instances never share an address.", $"{instances.Length} instances have {instances.DistinctBy(i => i.Address).Count()} addresses.", Guide.Ports);
        }

        await Task.WhenAll(instances.Select(i => Task.Run(() => App.StopAsync(i, LongGrace))));
        foreach (var spec in App.Specs)
        {
            MustBeGone(spec, "stops at the same time end all of them.", Guide.Stop);
        }
    }

    /// <summary>A host may be disposed of in the middle of starts: each is finished and ended, or refused.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Faults)]
    public async Task I_can_dispose_during_starts()
    {
        var starts = Enumerable.Range(0, Options.SideBySide).Select(_ => App.Spec("serve --port $PORT")).Select(s => Task.Run(() => App.Host.StartAsync(s, Bench.Token))).ToArray();
        await Bench.WithinAsync(App.Host.DisposeAsync().AsTask(), "DisposeAsync may come in the middle of starts, and ends.", Guide.Disposal);
        foreach (var start in starts)
        {
            try
            {
                await start.WaitAsync(Options.Patience, TimeProvider.System, Bench.Token);
            }
            catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException or PluginDeploymentException)
            {
                // Refused, which is as good as started and ended.
            }
        }

        var later = Bench.NewApplication();
        await later.StartReadyAsync("serve --port $PORT");
        foreach (var spec in App.Specs)
        {
            MustBeGone(spec, "after DisposeAsync nothing lives, not even what was being started in that moment.", Guide.Disposal);
        }
    }

    /// <summary>Instances that come and go leave no handle, thread, process, memory or file behind.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Faults)]
    public async Task I_can_start_and_stop_without_end_and_without_a_leak()
    {
        await CycleAsync(20);
        var before = Footprint.Take(App.StateFolder);
        await CycleAsync(Options.Cycles);
        string? growth = null;
        if (!await Bench.UntilAsync(() => Task.FromResult((growth = before.FindGrowth(Footprint.Take(App.StateFolder))) is null)))
        {
            throw Breach.Of("an instance that was stopped leaves nothing behind: no handle, thread, process, memory, or file of the backend's.", $"{Options.Cycles} starts and stops left {growth}.", Guide.Leaks);
        }
    }

    private Task CycleAsync(int times)
        => Parallel.ForAsync(0, times, new ParallelOptions { MaxDegreeOfParallelism = Options.CyclesAtOnce, CancellationToken = Bench.Token }, async (_, _) =>
        {
            var spec = App.Spec("hang --port $PORT");
            var instance = await App.StartAsync(spec);
            await App.StopAsync(instance, TimeSpan.Zero, CancellationToken.None);
            await instance.DisposeAsync();
            MustBeGone(spec, "StopAsync ends the instance.", Guide.Stop);
            Directory.Delete(spec.WorkFolder, recursive: true);
            Directory.Delete(Path.GetDirectoryName(spec.LogFile)!, recursive: true);
            File.Delete(spec.ManifestFile);
            if (Directory.EnumerateFileSystemEntries(spec.Folder).FirstOrDefault() is { } left)
            {
                throw Breach.Of("a stop removes the backend's record of the instance, and every other file that it made.", $"{left} is left.", Guide.Leaks);
            }

            Directory.Delete(spec.Folder);
        });

    /// <summary>Whatever was started before has had its time to begin when two later ones answer.</summary>
    private async Task BeSureThatAllHaveBegunAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            await App.StopAsync(await App.StartReadyAsync("serve --port $PORT"), LongGrace);
        }
    }
}
