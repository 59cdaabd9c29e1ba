using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Process.Tests;

public class ProcessHostOptionsTests
{
    [Fact]
    public async Task UseProcesses_CalledTwice_RegistersOneBackendWithDefaults()
    {
        var services = new ServiceCollection();
        services.AddPluginDeployment().UseProcesses().UseProcesses(o => o.OutOfMemoryScore = 7);
        await using var provider = services.BuildServiceProvider();

        Assert.IsType<ProcessInstanceHost>(Assert.Single(provider.GetServices<IInstanceHost>()));
        var options = provider.GetRequiredService<IOptions<ProcessHostOptions>>().Value;
        Assert.Equal("/bin/sh", options.Shell);
        Assert.Equal(["PATH", "HOME", "LANG", "LC_*", "TZ", "TMPDIR"], options.AllowedEnvironment);
        Assert.Equal(64 * 1024, options.OutputTailBytes);
        Assert.Equal(7, options.OutOfMemoryScore);
        Assert.Null(options.OpenFiles);
        Assert.Equal(TimeSpan.FromSeconds(10), options.DisposeGrace);
    }

    [Fact]
    public async Task UseProcesses_FromConfiguration_AddsToTheAllowList()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Process:AllowedEnvironment:0"] = "HTTP_PROXY",
            ["Process:OpenFiles"] = "4096",
            ["Process:Ports:First"] = "21000",
            ["Process:Ports:Last"] = "21999",
        }).Build();
        var services = new ServiceCollection();
        services.AddPluginDeployment().UseProcesses(configuration.GetSection("Process"));
        await using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<ProcessHostOptions>>().Value;

        Assert.Equal(["PATH", "HOME", "LANG", "LC_*", "TZ", "TMPDIR", "HTTP_PROXY"], options.AllowedEnvironment);
        Assert.Equal(4096, options.OpenFiles);
        Assert.Equal(21000, options.Ports.First);
    }

    [Fact]
    public void Validate_EverythingWrong_TellsEveryProblemAtOnce()
    {
        var options = new ProcessHostOptions { Shell = "sh", OutputTailBytes = 1, OutOfMemoryScore = 1001, OpenFiles = 1, DisposeGrace = TimeSpan.FromSeconds(-1) };
        options.AllowedEnvironment.Add("*");
        options.AllowedEnvironment.Add("A=B");
        options.AllowedEnvironment.Add("A*B");
        options.Ports.First = 1;

        var failures = new ProcessHostOptionsValidator().Validate(null, options).Failures!.ToList();

        string[] paths = ["Shell", "AllowedEnvironment", "AllowedEnvironment", "AllowedEnvironment", "OutputTailBytes", "OutOfMemoryScore", "OpenFiles", "DisposeGrace", "Ports:First"];
        Assert.Equal(paths.Select(p => $"`Process:{p}`"), failures.Select(f => f[..(f.IndexOf('`', 1) + 1)]));
        Assert.All(failures, f => Assert.Contains(", was: ", f, StringComparison.Ordinal));
        Assert.True(new ProcessHostOptionsValidator().Validate(null, new ProcessHostOptions()).Succeeded);
    }
}
