using System.Collections.Concurrent;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process;
using Xunit.Sdk;

namespace Stormly.Deploy.Testing.Tests;

/// <summary>Backends that are broken on purpose: each is found by the case that it breaks, with a message that names the matter.</summary>
[Collection(ConformanceCollection.Name)]
public sealed class BrokenHostTests
{
    [Fact]
    public Task LeaksAGrandchild_IsFound()
        => MustFailAsync(s => s.I_can_end_the_whole_tree(), h => new Defects.LeaksAGrandchild(h), "still lives", "#stopping");

    [Fact]
    public Task IgnoresTheGrace_IsFound()
        => MustFailAsync(s => s.I_can_stop_politely(), Instances(i => new Defects.IgnoresTheGrace(i)), "sends TERM first", "#stopping");

    [Fact]
    public Task SharesAnAddress_IsFound()
    {
        InstanceAddress? first = null;
        return MustFailAsync(
            s => s.I_can_run_many_instances_of_a_command_that_reads_PORT(),
            Instances(i => new Defects.SharesAnAddress(i, Interlocked.CompareExchange(ref first, i.Address, null) ?? i.Address)), "two instances never share an address", "#ports");
    }

    [Fact]
    public Task PassesItsWholeEnvironment_IsFound()
        => MustFailAsync(s => s.I_can_keep_the_host_applications_secrets(), h => new Defects.PassesItsWholeEnvironment(h), "STORMLY_CONFORMANCE_SECRET", "#the-environment");

    [Fact]
    public Task LosesTheOutput_IsFound()
        => MustFailAsync(s => s.I_can_see_why_a_plugin_ended_early(3), Instances(i => new Defects.LosesTheOutput(i)), "'said-at-the-end' is not in it", "#output");

    [Fact]
    public Task LosesTheExitCode_IsFound()
        => MustFailAsync(s => s.I_can_see_why_a_plugin_ended_early(3), Instances(i => new Defects.LosesTheExitCode(i)), "is reported with ExitCode 3", "#the-end");

    [Fact]
    public Task ThrowsOnSecondDisposal_IsFound()
        => MustFailAsync(s => s.I_can_dispose_twice(), h => new Defects.ThrowsOnSecondDisposal(h), "is idempotent", "ObjectDisposedException", "#disposal");

    [Fact]
    public Task LeavesAProcessAfterACancelledStart_IsFound()
        => MustFailAsync(s => s.I_can_cancel_a_start_before_it_begins(), h => new Defects.LeavesAProcessAfterACancelledStart(h), "still lives", "#cancellation");

    [Fact]
    public Task EndsStrangersOnRecovery_IsFound()
    {
        var running = new ConcurrentBag<IInstance>();
        return MustFailAsync(s => s.I_can_run_two_host_applications_beside_each_other(), h => new Defects.EndsStrangersOnRecovery(h, running), "did not serve any more", "#recovery");
    }

    [Fact]
    public Task AdoptsForeignRecords_IsFound()
    {
        var running = new ConcurrentBag<IInstance>();
        return MustFailAsync(s => s.I_can_not_be_fooled_by_a_copied_record(), h => new Defects.AdoptsForeignRecords(h, running), "adopted", "#recovery");
    }

    /// <summary>What never comes is found when the suite's patience ends: side by side, so that it ends but once.</summary>
    [Fact]
    public Task WhatNeverComes_IsFound() => Task.WhenAll(
        MustFailAsync(s => s.I_can_stop_a_plugin_that_ignores_the_polite_word(), Instances(i => new Defects.NeverForces(i)), "it had not happened after 00:00:20", "#stopping"),
        MustFailAsync(s => s.I_can_start_a_plugin_that_never_listens(), h => new Defects.WaitsUntilItListens(h), "that it listens is not waited for", "#starting"),
        MustFailAsync(s => s.I_can_see_a_serving_plugin_end(), Instances(i => new Defects.NeverSeesTheEnd(i)), "Exited completes once", "#the-end"),
        MustFailAsync(s => s.I_can_start_and_stop_without_end_and_without_a_leak(), h => new Defects.LeaksDescriptors(h), "more open descriptors", "#leaks"));

    private static Func<IInstanceHost, IInstanceHost> Instances(Func<IInstance, DefectiveInstance> wrap) => h => new Defects.OfInstances(h, wrap);

    private static async Task MustFailAsync(Func<InstanceHostConformance, Task> @case, Func<IInstanceHost, IInstanceHost> spoil, params string[] words)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Local processes need Linux.");
        var suite = new Suite(spoil);
        await suite.InitializeAsync();
        var error = await Record.ExceptionAsync(() => @case(suite));

        // The defect may show once more when the suite ends; what counts is what the case said.
        _ = await Record.ExceptionAsync(() => suite.DisposeAsync().AsTask());

        var message = Assert.IsAssignableFrom<XunitException>(error).Message;
        Assert.StartsWith("The contract asks: ", message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    /// <summary>The suite over a sound backend that was spoilt. Not public: only the tests above run it.</summary>
    private sealed class Suite(Func<IInstanceHost, IInstanceHost> spoil) : InstanceHostConformance
    {
        protected override ConformanceOptions Options { get; } = new() { Patience = TimeSpan.FromSeconds(20), SideBySide = 2, CancelledStarts = 4, Cycles = 40 };

        protected override IInstanceHost CreateHost(string stateFolder)
            => spoil(new ProcessInstanceHost(Microsoft.Extensions.Options.Options.Create(new ProcessHostOptions { DisposeGrace = TimeSpan.FromSeconds(1) })));
    }
}
