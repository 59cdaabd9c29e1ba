using Stormly.Deploy.Hosts;
using Xunit;

namespace Stormly.Deploy.Testing;

public abstract partial class InstanceHostConformance
{
    /// <summary>A plugin that ends early is reported with its exit code, whatever it is, and its last words.</summary>
    /// <param name="code">The code.</param>
    /// <returns>The case.</returns>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_see_why_a_plugin_ended_early(int code)
    {
        var instance = await App.StartAsync($"exit {code} --port $PORT --say said-at-the-end --err complained-at-the-end");
        var exit = await App.ExitAsync(instance);
        MustHaveEnded(exit, code, instance);
        MustHold(exit.OutputTail, "said-at-the-end", "InstanceExit.OutputTail holds the last words of standard output, whatever was written just before the end", instance);
        MustHold(exit.OutputTail, "complained-at-the-end", "InstanceExit.OutputTail holds the last words of standard error, whatever was written just before the end", instance);
    }

    /// <summary>A plugin that ends while it serves is reported at once, with its exit code.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_see_a_serving_plugin_end()
    {
        var instance = await App.StartReadyAsync("serve --port $PORT");
        await Bench.CallAsync(instance, "/exit?code=7");
        MustHaveEnded(await App.ExitAsync(instance), 7, instance);
    }

    /// <summary>A plugin that a signal ended is reported with the signal and without an exit code.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_see_a_plugin_killed()
    {
        var instance = await App.StartAsync("die --port $PORT");
        var exit = await App.ExitAsync(instance);
        if (exit is not { Signal: 9, ExitCode: null, Cause: ExitCause.OnItsOwn })
        {
            throw Breach.Of("where a signal ended the command, InstanceExit.Signal holds its number and ExitCode is null (a shell's 137 is signal 9).", $"{exit}", Guide.Exit, instance);
        }
    }

    /// <summary>A command that does not exist is told apart from one that failed.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_see_that_a_command_does_not_exist()
    {
        MustRunCommands();
        IInstance instance;
        try
        {
            instance = await App.Host.StartAsync(App.RawSpec("no-such-command-anywhere --port $PORT"), Bench.Token);
        }
        catch (InstanceStartException e)
        {
            Assert.NotEmpty(e.Reason);
            return;
        }

        var exit = await App.ExitAsync(instance);
        if (exit is not { ExitCode: 127, Cause: ExitCause.CommandNotRunnable })
        {
            throw Breach.Of("a command that the shell cannot find ends with Cause CommandNotRunnable and ExitCode 127 (126: may not run), or StartAsync throws InstanceStartException.", $"{exit}", Guide.Exit, instance);
        }
    }

    /// <summary>A command that put its server into the background has ended; a stop still ends what it left.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Core)]
    public async Task I_can_end_what_an_ended_command_left_in_the_background()
    {
        MustRunCommands();
        var spec = App.Spec("daemonise --port $PORT");
        var instance = await App.StartAsync(spec);
        MustHaveEnded(await App.ExitAsync(instance), 0, instance);
        await App.StopAsync(instance, TimeSpan.FromSeconds(2));
        MustBeGone(spec, "StopAsync ends also what an ended command left in the background.", Guide.Stop);
    }

    private static void MustHaveEnded(InstanceExit exit, int code, IInstance instance)
    {
        if (exit.ExitCode != code || exit.Cause != ExitCause.OnItsOwn || exit.Reason.Length == 0)
        {
            throw Breach.Of($"a command that ends by itself with code {code} is reported with ExitCode {code}, Cause OnItsOwn, and a Reason in words.", $"{exit}", Guide.Exit, instance);
        }
    }

    private static void MustHold(string text, string part, string asked, IInstance instance)
    {
        if (!text.Contains(part, StringComparison.Ordinal))
        {
            throw Breach.Of(asked + ".", $"'{part}' is not in it ({text.Length} characters).", Guide.Output, instance);
        }
    }
}
