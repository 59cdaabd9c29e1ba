using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process.Launching;

namespace Stormly.Deploy.Process.Tests.Launching;

public class CommandTests
{
    [Theory]
    [Trait("Fault", "67")]
    [InlineData("printf '%s' \"it's; \"\"$(printf inner)\" && printf '|%s|' \"a  b\"\nprintf '\\\\n%s' second", "it's; inner|a  b|\\nsecond")]
    [InlineData("printf '%s' \"$1$2$#\"", "0")]
    [InlineData("printf '%s' '\"' '\\' '$(exit 9)' '`exit 9`' '*'", "\"\\$(exit 9)`exit 9`*")]
    [InlineData("# only a comment\nprintf kept", "kept")]
    [InlineData("printf 'ü€😀'", "ü€😀")]
    public async Task StartAsync_AwkwardCommand_RunsAsWritten(string command, string output)
    {
        await using var sandbox = new Sandbox();

        var exit = await (await sandbox.StartAsync(command)).Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(0, exit.ExitCode);
        Assert.Equal(output, exit.OutputTail);
    }

    [Fact]
    [Trait("Fault", "67")]
    public async Task StartAsync_HundredKilobytes_RunsAsWritten()
    {
        await using var sandbox = new Sandbox();

        var exit = await (await sandbox.StartAsync($"x='{new string('y', 100 * 1024)}'; printf '%s' ${{#x}}")).Exited.WaitAsync(Sandbox.Token);

        Assert.Equal("102400", exit.OutputTail);
    }

    [Theory]
    [Trait("Fault", "67")]
    [InlineData("echo a\0b", "NUL")]
    [InlineData(null, "bytes; the system passes on at most 131071")]
    public async Task StartAsync_CommandThatCannotBePassedOn_IsRefusedBeforeStart(string? command, string words)
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec(command ?? "echo " + new string('ü', 64 * 1024));

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => sandbox.Host.StartAsync(spec, Sandbox.Token));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(spec.Folder, "process.json")));
    }

    [Fact]
    [Trait("Fault", "67")]
    public void Fits_AtTheLimit_CountsBytes()
    {
        Assert.True(CommandLimit.Fits(new string('x', CommandLimit.MaxBytes)));
        Assert.False(CommandLimit.Fits(new string('x', CommandLimit.MaxBytes + 1)));
        Assert.False(CommandLimit.Fits(new string('ü', (CommandLimit.MaxBytes / 2) + 1)));
    }

    [Fact]
    [Trait("Fault", "66")]
    public async Task StartAsync_ManifestWithShellSyntax_IsDataAndNeverRun()
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec("cat \"$MANIFEST_FILE\"");
        var folder = Directory.CreateDirectory(Path.Combine(spec.Folder, "it's $(touch evil) `touch evil` \"; touch evil; #")).FullName;
        spec = spec with { ManifestFile = Path.Combine(folder, "manifest.json"), LogFile = Path.Combine(folder, "plugin.log") };
        const string Manifest = """{"options":{"a":"'; touch evil; '","b":"$(touch evil)","c":"`touch evil`"}}""";
        await File.WriteAllTextAsync(spec.ManifestFile, Manifest, Sandbox.Token);

        var exit = await (await sandbox.StartAsync(spec)).Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(Manifest, exit.OutputTail);
        Assert.Empty(Directory.EnumerateFiles(sandbox.Folder, "evil", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task StartAsync_Command_RunsInItsWorkFolderWithoutInputOrLifeline()
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec("pwd; cat; [ -e /proc/$$/fd/3 ] || echo none");

        var exit = await (await sandbox.StartAsync(spec)).Exited.WaitAsync(Sandbox.Token);

        Assert.Equal($"{spec.WorkFolder}\nnone", exit.OutputTail);
    }
}
