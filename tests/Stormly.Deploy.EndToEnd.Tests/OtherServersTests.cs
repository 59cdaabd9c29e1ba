using System.Text.Json;

namespace Stormly.Deploy.EndToEnd;

/// <summary>A plugin is any HTTP server that a shell command starts: each kind deploys, answers and stops as the Flask one does.</summary>
public sealed class OtherServersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gunicorn", "gunicorn -w 2 -b 0.0.0.0:5000 app:app", "gunicorn")]
    [InlineData("uvicorn", "python3 -m uvicorn app:app --host 0.0.0.0 --port 5000", "py:uvicorn")]
    [InlineData("node", "node server.js --port 5000", "node")]
    [InlineData("php", "php -S 0.0.0.0:5000 router.php", "php")]
    [InlineData("httpserver", "cd . && python3 server.py --port 5000", "python3")]
    public async Task I_can_deploy_a_plugin_behind_any_server(string plugin, string command, string need)
    {
        Machine.Needs(need);
        var folder = PluginFiles.Write(_folder.Sub("plugin"), command);
        PluginFiles.CopyFiles(plugin, folder);
        await using var host = await HostApplication.StartAsync(_folder.Sub("state"), TestContext.Current.CancellationToken);
        var before = await host.DeployAsync(plugin, folder, instances: 2, TestContext.Current.CancellationToken);

        using var answer = JsonDocument.Parse(await host.PredictAsync(plugin, """{"props": {"feature_1": "BR", "digits": 1.50}}""", TestContext.Current.CancellationToken));
        Assert.Equal(plugin, answer.RootElement.GetProperty("server").GetString());
        Assert.Equal("BR", answer.RootElement.GetProperty("props").GetProperty("feature_1").GetString());
        Assert.True(answer.RootElement.GetProperty("props").TryGetProperty("now", out _));

        var victim = before.Instances[0].Id;
        PluginProcesses.Kill(host.StateFolder, victim);
        await host.UntilAsync(plugin, now => now.ReadyInstances == 2 && now.Instances.All(instance => instance.Id != victim), TestContext.Current.CancellationToken);
        await host.PredictAsync(plugin, """{"props": {}}""", TestContext.Current.CancellationToken);

        Assert.True(await host.Deployments.RemoveAsync(plugin, TestContext.Current.CancellationToken));
        Assert.Empty(PluginProcesses.Below(host.StateFolder));
    }
}
