using Stormly.Deploy.Hosts;
using Xunit;

namespace Stormly.Deploy.Testing;

public abstract partial class InstanceHostConformance
{
    /// <summary>A started plugin runs in its own work folder, reads its manifest, and is reached at its address.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_start_a_plugin_and_call_it()
    {
        var spec = App.Spec("serve --port $PORT");
        await File.WriteAllTextAsync(Path.Combine(spec.WorkFolder, "only-here"), "x", Bench.Token);
        var instance = await App.StartReadyAsync(spec);

        var files = (await Bench.CallAsync(instance, "/who")).GetProperty("files").EnumerateArray().Select(f => f.GetString()).ToArray();
        if (!files.Contains("only-here"))
        {
            throw Breach.Of("the command's working directory holds the files of InstanceSpec.WorkFolder.", $"it holds only: {string.Join(", ", files)}.", Guide.Start, instance);
        }

        var manifest = (await Bench.CallAsync(instance, "/manifest")).GetProperty("text").GetString();
        if (manifest != HostApplication.ManifestOf(spec.Id))
        {
            throw Breach.Of("MANIFEST_FILE names a file with exactly the content of InstanceSpec.ManifestFile.", $"the plugin read: {manifest}", Guide.Environment, instance);
        }

        await App.StopAsync(instance, LongGrace);
    }

    /// <summary>The command is a shell's: assignments, quotes and lists work, and it runs as written.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_use_the_shell_in_the_command()
    {
        MustRunCommands();
        const string Word = "it is  'as' $(written) \\ \"here\"";
        var spec = App.RawSpec("CONFORMANCE_WORD=\"it is  'as' \\$(written) \\\\ \\\"here\\\"\" " + PluginCommand("serve --port $PORT") + " && true");
        var instance = await App.StartReadyAsync(spec);

        var seen = (await Bench.CallAsync(instance, "/environment")).TryGetProperty("CONFORMANCE_WORD", out var word) ? word.GetString() : null;
        if (seen != Word)
        {
            throw Breach.Of("StartCommand is given to a shell as one argument, as it is written.", $"a variable that the command sets to <{Word}> was <{seen ?? "not set"}>.", Guide.Start, instance);
        }

        await App.StopAsync(instance, LongGrace);
    }

    /// <summary>A start does not wait for the plugin to listen: one that never does still runs, and can be stopped.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_start_a_plugin_that_never_listens()
    {
        var spec = App.Spec("hang --port $PORT");
        var instance = await App.StartAsync(spec);
        var check = await Bench.WithinAsync(
            instance.CheckListenerAsync(Bench.Token).AsTask(), "CheckListenerAsync answers at any time.", Guide.Listener, instance);
        if (check.Verdict is ListenerVerdict.Stranger or ListenerVerdict.Elsewhere)
        {
            throw Breach.Of("CheckListenerAsync answers Nobody as long as nobody listens (or Ours, where the network is the instance's own).", $"{check.Verdict}: {check.Detail}", Guide.Listener, instance);
        }

        if (instance.Exited.IsCompleted)
        {
            throw Breach.Of("a plugin that runs has not ended, whether it listens or not.", $"Exited says: {(await instance.Exited).Reason}", Guide.Exit, instance);
        }

        await App.StopAsync(instance, TimeSpan.Zero);
        MustBeGone(spec, "StopAsync ends the instance.", Guide.Stop);
    }

    /// <summary>A plugin that takes its time to listen is not touched meanwhile, and found to be the listener afterwards.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_wait_for_a_slow_start()
    {
        var instance = await App.StartReadyAsync("serve --port $PORT --delay 700");
        var check = await Bench.WithinAsync(instance.CheckListenerAsync(Bench.Token).AsTask(), "CheckListenerAsync answers at any time.", Guide.Listener, instance);
        if (check.Verdict != ListenerVerdict.Ours)
        {
            throw Breach.Of("CheckListenerAsync answers Ours once the instance itself listens at its address.", $"{check.Verdict}: {check.Detail}", Guide.Listener, instance);
        }

        await App.StopAsync(instance, LongGrace);
    }

    /// <summary>The question for a place starts nothing, and says why wherever the answer is not "as many as you like".</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_ask_for_a_place_before_anything_is_started()
    {
        const string Asked = "CheckPlacementAsync says how many instances can run at once, at least one of a good command, with a reason wherever it is not any number.";
        var spec = App.Spec("serve --port $PORT");
        var answer = await Bench.WithinAsync(
            App.Host.CheckPlacementAsync(new PlacementPlan(spec.Plugin, spec.StartCommand, spec.DeclaredPort, Options.SideBySide), Bench.Token).AsTask(), Asked, Guide.Placement);
        if (answer.MaxInstances < 1 || (answer.MaxInstances < int.MaxValue && string.IsNullOrWhiteSpace(answer.Reason)))
        {
            throw Breach.Of(Asked, $"MaxInstances {answer.MaxInstances}, Reason '{answer.Reason}'.", Guide.Placement);
        }

        MustBeGone(spec, "CheckPlacementAsync starts nothing.", Guide.Placement);
    }

    /// <summary>A backend has a short name, which stands in records and messages.</summary>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public void I_can_tell_the_backend_by_its_name()
    {
        var kind = App.Host.Kind;
        if (kind.Length is 0 or > 40 || !kind.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw Breach.Of("Kind is a short name of lower-case letters, digits and '-', because files are named after it.", $"'{kind}'.", Guide.Start);
        }
    }
}
