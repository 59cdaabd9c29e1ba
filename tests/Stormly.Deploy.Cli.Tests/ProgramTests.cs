using System.Diagnostics;

namespace Stormly.Deploy.Cli.Tests;

public sealed class ProgramTests
{
    [Fact]
    public async Task Program_AsAProcess_WritesExactBytesToThePipe()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
        {
            typeof(StormlyTool).Assembly.Location, "manifest", ToolRun.Example("results-initial.json"), ToolRun.Example("results-trainMore.json"),
            "-m", ToolRun.Example("manifest-trainMore.json"),
        })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, process.ExitCode);
        Assert.Equal(await File.ReadAllBytesAsync(ToolRun.Example("server-manifest.expected.json"), TestContext.Current.CancellationToken), output.ToArray());
        Assert.Contains("/data/loss", await error, StringComparison.Ordinal);
    }
}
