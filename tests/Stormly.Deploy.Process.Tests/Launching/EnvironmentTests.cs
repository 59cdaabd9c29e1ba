using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process.Launching;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests.Launching;

public class EnvironmentTests
{
    [Fact]
    public async Task StartAsync_RealPlugin_GetsExactlyWhatItShould()
    {
        await using var sandbox = new Sandbox(o => o.OpenFiles = 777);
        var spec = sandbox.Spec(DummyPlugin.Command("environment --serve --port {port}"));
        spec = spec with { Environment = ImmutableDictionary<string, string>.Empty.Add("FROM_HOST", "it's \"$(id)\"\n`id`").Add("PORT", "1") };

        var instance = await sandbox.StartAsync(spec);
        await instance.WaitReadyAsync();
        using var seen = JsonDocument.Parse(await instance.PostAsync("/environment"));

        var variables = seen.RootElement.GetProperty("variables");
        Assert.Equal(spec.ManifestFile, variables.GetProperty("MANIFEST_FILE").GetString());
        Assert.Equal(spec.LogFile, variables.GetProperty("LOG_FILE").GetString());
        Assert.Equal($"{instance.Address.Port}", variables.GetProperty("PORT").GetString());
        Assert.Equal("it's \"$(id)\"\n`id`", variables.GetProperty("FROM_HOST").GetString());
        Assert.Equal(spec.WorkFolder, seen.RootElement.GetProperty("workFolder").GetString());
        Assert.Equal("0027", seen.RootElement.GetProperty("umask").GetString());
        Assert.Equal("0", seen.RootElement.GetProperty("coreLimit").GetString());
        Assert.Equal("777", seen.RootElement.GetProperty("openFiles").GetString());
        Assert.Equal("500", seen.RootElement.GetProperty("oomScoreAdj").GetString());
        Assert.Equal("/dev/null", seen.RootElement.GetProperty("standardInput").GetString());
        string[] known = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "MANIFEST_FILE", "LOG_FILE", "PORT", "FROM_HOST", "PWD", "OLDPWD", "_", "SHLVL", "DOTNET_EnableDiagnostics", InstanceMarker.Variable];
        Assert.DoesNotContain(variables.EnumerateObject(), v => !known.Contains(v.Name) && !v.Name.StartsWith("LC_", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_HostWithSecrets_PassesOnTheAllowedOnly()
    {
        var host = new Hashtable
        {
            ["PATH"] = "/bin",
            ["LC_ALL"] = "C",
            ["LC_"] = "x",
            ["LCX"] = "no",
            ["AWS_SECRET_ACCESS_KEY"] = "no",
            ["PATHEXT"] = "no",
            ["ConnectionStrings__Main"] = "no",
            ["PORT"] = "80",
            [InstanceMarker.WatcherVariable] = "no",
            [InstanceMarker.Variable] = "no",
        };

        var built = EnvironmentBuilder.Build(["PATH", "LC_*", InstanceMarker.WatcherVariable], host, Spec(), 20000, "marker");

        Assert.Equal(["LC_", "LC_ALL", "LOG_FILE", "MANIFEST_FILE", "PATH", "PORT", InstanceMarker.Variable], built.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("20000", built["PORT"]);
        Assert.Equal("marker", built[InstanceMarker.Variable]);
    }

    [Fact]
    public void Build_VariablesOfTheHostApplication_WinOverTheAllowListAndLoseAgainstTheContract()
    {
        var spec = Spec() with { Environment = ImmutableDictionary<string, string>.Empty.Add("PATH", "/opt").Add("MANIFEST_FILE", "/etc/passwd").Add("LOG_FILE", "x").Add("PORT", "1") };

        var built = EnvironmentBuilder.Build(["PATH"], new Hashtable { ["PATH"] = "/bin" }, spec, 20000, "marker");

        Assert.Equal("/opt", built["PATH"]);
        Assert.Equal(spec.ManifestFile, built["MANIFEST_FILE"]);
        Assert.Equal(spec.LogFile, built["LOG_FILE"]);
        Assert.Equal("20000", built["PORT"]);
    }

    [Theory]
    [InlineData("", "x", "has no name")]
    [InlineData("A=B", "x", "'=' or NUL in its name")]
    [InlineData("A", "x\0y", "NUL in its value")]
    public void Build_VariableThatCannotBeOne_IsRefused(string name, string value, string words)
    {
        var spec = Spec() with { Environment = ImmutableDictionary<string, string>.Empty.Add(name, value) };

        var error = Assert.Throws<InstanceStartException>(() => EnvironmentBuilder.Build([], new Hashtable(), spec, 20000, "marker"));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_HugeVariable_IsRefused()
    {
        var spec = Spec() with { Environment = ImmutableDictionary<string, string>.Empty.Add("A", new string('x', CommandLimit.MaxBytes)) };

        Assert.Throws<InstanceStartException>(() => EnvironmentBuilder.Build([], new Hashtable(), spec, 20000, "marker"));
    }

    private static InstanceSpec Spec()
    {
        var plugin = Model.PluginName.Parse("dummy");
        return new InstanceSpec
        {
            Id = Model.InstanceId.New(plugin),
            Plugin = plugin,
            Revision = new Model.RevisionId(new string('a', 64)),
            StartCommand = "true",
            DeclaredPort = 5000,
            Folder = "/nowhere",
            WorkFolder = "/nowhere/work",
            ManifestFile = "/nowhere/manifest.json",
            LogFile = "/nowhere/log/plugin.log",
        };
    }
}
