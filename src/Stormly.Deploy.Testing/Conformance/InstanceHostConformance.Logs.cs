using Stormly.Deploy.Hosts;
using Xunit;

namespace Stormly.Deploy.Testing;

public abstract partial class InstanceHostConformance
{
    /// <summary>The last output can be read while the plugin runs.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Logs)]
    public async Task I_can_read_the_last_output()
    {
        var instance = await App.StartReadyAsync("serve --port $PORT");
        await Bench.CallAsync(instance, "/print?text=words-while-running");
        if (!await Bench.UntilAsync(() => Task.FromResult(instance.ReadOutputTail().Contains("words-while-running", StringComparison.Ordinal))))
        {
            MustHold(instance.ReadOutputTail(), "words-while-running", "ReadOutputTail holds what the plugin wrote last, while it runs", instance);
        }

        await App.StopAsync(instance, LongGrace);
    }

    /// <summary>A plugin that writes without end is never held up, and only the end of it is kept, fit to be printed.</summary>
    /// <param name="shape">What it writes.</param>
    /// <returns>The case.</returns>
    [Theory]
    [InlineData("lines")]
    [InlineData("nonl")]
    [InlineData("binary")]
    [InlineData("ansi")]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Logs)]
    public async Task I_can_survive_a_flood_of_output(string shape)
    {
        var instance = await App.StartReadyAsync($"serve --port $PORT --flood {Options.FloodMegabytes} --shape {shape}");
        if (!await Bench.UntilAsync(() => Task.FromResult(instance.ReadOutputTail().Contains("end-of-flood", StringComparison.Ordinal))))
        {
            MustHold(instance.ReadOutputTail(), "end-of-flood", "output is read on for ever, and the tail is its end", instance);
        }

        var tail = instance.ReadOutputTail();
        const int Most = 1024 * 1024;
        if (tail.Length > Most)
        {
            throw Breach.Of($"the tail is bounded: cheap enough for every error message (at most {Most} characters).", $"{tail.Length} characters.", Guide.Output);
        }

        if (tail.FirstOrDefault(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) is var bad and not '\0')
        {
            throw Breach.Of("the tail is printable: control characters are written as escapes.", $"the character U+{(int)bad:X4} is in it.", Guide.Output);
        }

        await App.StopAsync(instance, LongGrace);
    }

    /// <summary>The plugin may append to its log, and it can be read from outside, also after the end.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Logs)]
    public async Task I_can_read_a_log_that_is_appended_to()
    {
        var spec = App.Spec("serve --port $PORT");
        var instance = await App.StartReadyAsync(spec);
        await Bench.CallAsync(instance, "/log?mode=a&text=first");
        await Bench.CallAsync(instance, "/log?mode=a&text=second");
        await MustReadAsync(spec, "first\nsecond\n", instance);
        await App.StopAsync(instance, LongGrace);
        await MustReadAsync(spec, "first\nsecond\n", instance);
    }

    /// <summary>The plugin may write its log anew each time.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Logs)]
    public async Task I_can_read_a_log_that_is_written_anew()
    {
        var spec = App.Spec("serve --port $PORT");
        var instance = await App.StartReadyAsync(spec);
        await Bench.CallAsync(instance, "/log?mode=w&text=a-long-first-text");
        await Bench.CallAsync(instance, "/log?mode=w&text=second");
        await MustReadAsync(spec, "second\n", instance);
        await App.StopAsync(instance, LongGrace);
    }

    /// <summary>Output and log are apart: what goes to one does not come up in the other.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Logs)]
    public async Task I_can_tell_output_and_log_apart()
    {
        var spec = App.Spec("serve --port $PORT");
        var instance = await App.StartReadyAsync(spec);
        await Bench.CallAsync(instance, "/log?mode=a&text=into-the-log");
        await Bench.CallAsync(instance, "/print?text=onto-the-output");
        await App.StopAsync(instance, LongGrace);
        await MustReadAsync(spec, "into-the-log\n", instance);
        if (instance.ReadOutputTail().Contains("into-the-log", StringComparison.Ordinal))
        {
            throw Breach.Of("the tail holds standard output and error, nothing else.", "a line of the plugin's log is in it.", Guide.Output, instance);
        }
    }

    private async Task MustReadAsync(InstanceSpec spec, string text, IInstance instance)
    {
        var seen = "";
        if (!await Bench.UntilAsync(async () => (seen = File.Exists(spec.LogFile) ? await File.ReadAllTextAsync(spec.LogFile, Bench.Token) : "") == text))
        {
            throw Breach.Of("what the plugin writes to LOG_FILE, by any method, is read from outside at InstanceSpec.LogFile, nothing added.", $"<{seen}> instead of <{text}>.", Guide.Log, instance);
        }
    }
}
