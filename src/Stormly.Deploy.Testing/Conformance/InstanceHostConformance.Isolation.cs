using System.Collections.Immutable;
using Stormly.Deploy.Hosts;
using Xunit;

namespace Stormly.Deploy.Testing;

public abstract partial class InstanceHostConformance
{
    private const string Fixed = "serve --port 5000";

    /// <summary>What a host application may hold. The last ones only look like names of the list.</summary>
    private static readonly ImmutableArray<string> Secrets =
        ["STORMLY_CONFORMANCE_SECRET", "ConnectionStrings__Conformance", "CLOUD_CONFORMANCE_KEY", "DOTNET_CONFORMANCE", "conformance_token", "PATH_OF_CONFORMANCE", "lang"];

    /// <summary>Variables reach the plugin exactly as the host application gave them; the contract's own cannot be overruled.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Isolation)]
    public async Task I_can_give_a_plugin_exact_variables()
    {
        var given = ImmutableDictionary<string, string>.Empty
            .Add("CONFORMANCE_PLAIN", "yes")
            .Add("CONFORMANCE_EMPTY", "")
            .Add("CONFORMANCE_ODD", "a  'b' \"c\" $(touch x) `d` \\ ü \t\n= #e");
        var instance = await App.StartReadyAsync(App.Spec("serve --port $PORT") with { Environment = given.Add("LOG_FILE", "/nowhere").Add("MANIFEST_FILE", "/nowhere").Add("PORT", "1") });
        var seen = await ReadEnvironmentAsync(instance);
        foreach (var (name, value) in given)
        {
            if (seen.GetValueOrDefault(name) != value)
            {
                throw Breach.Of("every variable of InstanceSpec.Environment reaches the plugin exactly.", $"{name} was <{seen.GetValueOrDefault(name, "not set")}> instead of <{value}>.", Guide.Environment, instance);
            }
        }

        foreach (var name in (string[])["LOG_FILE", "MANIFEST_FILE"])
        {
            if (!seen.GetValueOrDefault(name, "").StartsWith('/') || seen[name] == "/nowhere")
            {
                throw Breach.Of("MANIFEST_FILE and LOG_FILE are the backend's, absolute paths where the plugin runs; InstanceSpec.Environment cannot overrule them.", $"{name} was <{seen.GetValueOrDefault(name, "not set")}>.", Guide.Environment, instance);
            }
        }

        await App.StopAsync(instance, LongGrace);
    }

    /// <summary>Nothing of the host application's environment reaches the plugin but what is on the list.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Isolation)]
    public async Task I_can_keep_the_host_applications_secrets()
    {
        var secrets = Secrets.Where(s => !IsAllowed(s)).ToArray();
        var value = Guid.NewGuid().ToString();
        Array.ForEach(secrets, name => Environment.SetEnvironmentVariable(name, value));
        try
        {
            var instance = await App.StartReadyAsync("serve --port $PORT");
            var leaked = (await ReadEnvironmentAsync(instance)).Where(v => v.Value.Contains(value, StringComparison.Ordinal)).Select(v => v.Key).Order().ToArray();
            if (leaked.Length > 0)
            {
                throw Breach.Of(
                    $"nothing of the host application's environment reaches a plugin, except {string.Join(", ", Options.AllowedEnvironment)}.",
                    $"these did: {string.Join(", ", leaked)}.", Guide.Environment, instance);
            }

            await App.StopAsync(instance, LongGrace);
        }
        finally
        {
            Array.ForEach(secrets, name => Environment.SetEnvironmentVariable(name, null));
        }
    }

    /// <summary>Instances of one plugin whose command names a fixed port never share it: each is reached, or the backend says beforehand that only one can run.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Isolation)]
    public async Task I_can_run_many_instances_of_a_command_with_a_fixed_port()
    {
        var spec = App.Spec(Fixed);
        var answer = await App.Host.CheckPlacementAsync(new PlacementPlan(spec.Plugin, spec.StartCommand, spec.DeclaredPort, Options.SideBySide), Bench.Token);
        if (answer.MaxInstances < int.MaxValue && string.IsNullOrWhiteSpace(answer.Reason))
        {
            throw Breach.Of("a limit of CheckPlacementAsync has its reason in words: which rule, and what would help.", $"MaxInstances {answer.MaxInstances} without a reason.", Guide.Placement);
        }

        SkipWhen(answer.MaxInstances < 2, $"The backend runs one instance of such a command: {answer.Reason}");
        await RunSideBySideAsync(Fixed, Math.Min(Options.SideBySide, answer.MaxInstances));
    }

    /// <summary>Instances of one plugin whose command reads PORT run side by side, each reached at its own address.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Isolation)]
    public Task I_can_run_many_instances_of_a_command_that_reads_PORT() => RunSideBySideAsync("serve --port $PORT", Options.SideBySide);

    /// <summary>Two host applications on one machine do not see each other: neither recovery nor disposal of one touches the other's instances.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Isolation)]
    public async Task I_can_run_two_host_applications_beside_each_other()
    {
        const string Asked = "a host touches only what lies under its own state folder: another host application's instances run on.";
        var (spec, other) = (App.Spec("serve --port $PORT"), Bench.NewApplication());
        var instance = await App.StartReadyAsync(spec);
        var report = await other.RecoverAsync(spec.Id);
        await MustServeOnAsync(instance, report, Asked, "it recovered its own state folder");
        await other.StartReadyAsync("serve --port $PORT");
        await other.Host.DisposeAsync();
        await MustServeOnAsync(instance, HostRecoveryReport.Empty, Asked, "it was disposed of");
    }

    /// <summary>A record that was copied into another state folder proves nothing: the instance that it names is neither adopted nor touched.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Isolation)]
    public async Task I_can_not_be_fooled_by_a_copied_record()
    {
        var spec = App.Spec("serve --port $PORT");
        var instance = await App.StartReadyAsync(spec);
        var other = Bench.NewApplication();
        CopyRecords(spec.Folder, Path.Combine(other.InstancesFolder, spec.Id.Value));
        const string Asked = "RecoverAsync needs proof of identity: a record in a folder that it was not written for is left alone, and so is what it names.";
        await MustServeOnAsync(instance, await other.RecoverAsync(spec.Id), Asked, "it found a copy of the record");
        await MustServeOnAsync(instance, await other.RecoverAsync(), Asked, "it was asked to sweep what a copy of the record names");
    }

    private async Task RunSideBySideAsync(string words, int count)
    {
        var specs = Enumerable.Range(0, count).Select(i => App.Spec(words) with { Environment = ImmutableDictionary<string, string>.Empty.Add("CONFORMANCE_NUMBER", $"{i}") }).ToArray();
        var instances = await Task.WhenAll(specs.Select(s => App.StartReadyAsync(s)));
        if (instances.DistinctBy(i => i.Address).Count() < count)
        {
            throw Breach.Of("two instances never share an address.", string.Join(", ", instances.Select(i => $"{i.Id} at {i.Address}")), Guide.Ports);
        }

        for (var i = 0; i < count; i++)
        {
            var number = (await ReadEnvironmentAsync(instances[i])).GetValueOrDefault("CONFORMANCE_NUMBER");
            if (number != $"{i}")
            {
                throw Breach.Of("an instance's address leads to this instance.", $"at {instances[i].Address} of '{instances[i].Id}' another instance answers (number {number}, not {i}).", Guide.Ports, instances[i]);
            }
        }

        await Task.WhenAll(instances.Select(i => App.StopAsync(i, LongGrace)));
    }

    private async Task MustServeOnAsync(IInstance instance, HostRecoveryReport report, string asked, string after)
    {
        if (!report.Adopted.IsEmpty)
        {
            throw Breach.Of(asked, $"a host adopted '{report.Adopted[0].Id}' of another host application when {after}.", Guide.Recovery, instance);
        }

        if (instance.Exited.IsCompleted || !await Bench.AnswersAsync(instance))
        {
            throw Breach.Of(asked, $"'{instance.Id}' of another host application did not serve any more when {after}.", Guide.Recovery, instance);
        }
    }

    private async Task<Dictionary<string, string>> ReadEnvironmentAsync(IInstance instance)
        => (await Bench.CallAsync(instance, "/environment")).EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString()!, StringComparer.Ordinal);

    private bool IsAllowed(string name)
        => Options.AllowedEnvironment.Any(a => a.EndsWith('*') ? name.StartsWith(a[..^1], StringComparison.Ordinal) : a == name);

    private static void CopyRecords(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
