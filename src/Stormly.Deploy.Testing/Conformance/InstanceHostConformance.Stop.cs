using Stormly.Deploy.Hosts;
using Xunit;

namespace Stormly.Deploy.Testing;

public abstract partial class InstanceHostConformance
{
    /// <summary>A stop asks politely first, and the plugin may use its grace to end by itself.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_stop_politely()
    {
        var spec = App.Spec("serve --port $PORT");
        var instance = await App.StartReadyAsync(spec);
        var exit = await App.StopAsync(instance, LongGrace);
        MustBeGone(spec, "StopAsync returns when everything of the instance has ended.", Guide.Stop);
        if (exit.Cause != ExitCause.Stopped)
        {
            throw Breach.Of("the exit of a stopped instance has Cause Stopped.", $"{exit}", Guide.Stop, instance);
        }

        if (!instance.ReadOutputTail().Contains("heard-the-polite-word", StringComparison.Ordinal))
        {
            throw Breach.Of("StopAsync sends TERM first and leaves the plugin its grace; what it writes then is read.", "the plugin, which writes a line when TERM arrives, wrote none.", Guide.Stop, instance);
        }
    }

    /// <summary>A plugin that does not hear the polite word is ended by force when its grace has passed.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_stop_a_plugin_that_ignores_the_polite_word()
    {
        var spec = App.Spec("serve --port $PORT --deaf");
        var instance = await App.StartReadyAsync(spec);
        MustSee(spec);
        await App.StopAsync(instance, TimeSpan.FromMilliseconds(500));
        MustBeGone(spec, "a plugin that ignores TERM is killed when its grace has passed, and StopAsync returns when it is gone.", Guide.Stop);
    }

    /// <summary>The rest of a long grace can be skipped.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_cut_a_grace_short()
    {
        var spec = App.Spec("serve --port $PORT --deaf");
        var instance = await App.StartReadyAsync(spec);
        using var force = new CancellationTokenSource();
        var stop = App.StopAsync(instance, TimeSpan.FromHours(1), force.Token);
        await force.CancelAsync();
        await Bench.WithinAsync(stop, "when `force` is cancelled the rest of the grace is skipped; the token cancels no wait for the end.", Guide.Stop, instance);
        MustBeGone(spec, "a stop whose grace was cut short ends the instance all the same.", Guide.Stop);
    }

    /// <summary>A plugin that is frozen cannot hear anything, and is ended by force.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Faults)]
    public async Task I_can_stop_a_frozen_plugin()
    {
        var spec = App.Spec("serve --port $PORT");
        var instance = await App.StartReadyAsync(spec);
        await Bench.CallAsync(instance, "/freeze");
        if (!await Bench.UntilAsync(async () => !await Bench.AnswersNowAsync(instance)))
        {
            SkipWhen(true, "The plugin could not freeze itself here.");
        }

        await App.StopAsync(instance, TimeSpan.FromMilliseconds(500));
        MustBeGone(spec, "a frozen plugin is ended by KILL, which needs no cooperation.", Guide.Stop);
    }

    /// <summary>A stop ends everything that the command started: children, and those that left its session.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_end_the_whole_tree()
    {
        MustRunCommands();
        var spec = App.Spec("serve --port $PORT --child --escape");
        var instance = await App.StartReadyAsync(spec);
        MustSee(spec);
        await App.StopAsync(instance, TimeSpan.FromMilliseconds(500));
        MustBeGone(spec, "StopAsync ends everything that the command started: children, grandchildren, and what called setsid().", Guide.Stop);
    }

    /// <summary>Stops may be asked for again and at the same time; all wait for the same end.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_stop_an_instance_again_and_again()
    {
        const string Asked = "StopAsync is idempotent: calls at the same time and later ones wait for the same end.";
        var spec = App.Spec("serve --port $PORT");
        var instance = await App.StartReadyAsync(spec);
        await Bench.WithinAsync(Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => App.StopAsync(instance, LongGrace)))), Asked, Guide.Stop, instance);
        MustBeGone(spec, Asked, Guide.Stop);
        await App.StopAsync(instance, TimeSpan.Zero);
        _ = instance.ReadOutputTail();
    }

    /// <summary>An instance that has ended by itself can be stopped, and its exit stays what it was.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_stop_what_has_ended_by_itself()
    {
        var instance = await App.StartAsync("exit 5 --port $PORT");
        var first = await App.ExitAsync(instance);
        MustHaveEnded(first, 5, instance);
        MustHaveEnded(await App.StopAsync(instance, TimeSpan.Zero), 5, instance);
        MustHaveEnded(await App.ExitAsync(instance), 5, instance);
    }

    /// <summary>Instances and hosts may be disposed of twice.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_dispose_twice()
    {
        const string Asked = "DisposeAsync of instances and hosts is idempotent, and ends what still runs.";
        var (first, second) = (App.Spec("serve --port $PORT"), App.Spec("serve --port $PORT"));
        var (one, other) = (await App.StartReadyAsync(first), await App.StartReadyAsync(second));
        await Bench.WithinAsync(one.DisposeAsync().AsTask(), Asked, Guide.Disposal, one);
        await Bench.WithinAsync(one.DisposeAsync().AsTask(), Asked, Guide.Disposal, one);
        MustBeGone(first, "disposal of an instance ends it.", Guide.Disposal);
        await Bench.WithinAsync(App.Host.DisposeAsync().AsTask(), Asked, Guide.Disposal);
        await Bench.WithinAsync(App.Host.DisposeAsync().AsTask(), Asked, Guide.Disposal);
        MustBeGone(second, "disposal of a host ends every instance that it started.", Guide.Disposal);
        await App.ExitAsync(other);
    }

    /// <summary>After its disposal a host refuses starts.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_not_start_anything_after_disposal()
    {
        await App.Host.DisposeAsync();
        var spec = App.Spec("serve --port $PORT");
        var error = await Record.ExceptionAsync(() => App.Host.StartAsync(spec, Bench.Token));
        if (error is not ObjectDisposedException)
        {
            throw Breach.Of("StartAsync of a host that was disposed of throws ObjectDisposedException.", error is null ? "it started an instance." : $"{error.GetType().Name}: {error.Message}", Guide.Disposal, cause: error);
        }
    }
}
