using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Stormly.Deploy;
using Stormly.Deploy.Model;

namespace ChurnHost;

/// <summary>Shows once, without a person, what the library promises: one line for each step.</summary>
internal sealed class Check(WebApplication app, string folder, string stateFolder) : IDisposable
{
    private readonly IPluginDeployments _deployments = app.Services.GetRequiredService<IPluginDeployments>();
    private readonly HttpClient _http = new();
    private readonly string _endpoint = $"{app.Urls.First()}/plugins/churn";

    /// <summary>Takes all steps, or stops at the first that fails.</summary>
    /// <returns>Whether all went well.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(5));
        return await StepAsync("deployed", () => DeployedAsync(bound.Token))
            && await StepAsync("a request", () => RequestAsync(bound.Token))
            && await StepAsync("a wrong request", () => WrongRequestAsync(bound.Token))
            && await LoseAsync(bound.Token)
            && await StepAsync("another model under load, by itself", () => RetrainAsync(bound.Token));
    }

    public void Dispose() => _http.Dispose();

    private static async Task<bool> StepAsync(string name, Func<Task<string>> step)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            Console.WriteLine($"✓ {name}: {await step()} ({Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s)");
            return true;
        }
        catch (Exception error) when (error is PluginDeploymentException or HttpRequestException or InvalidOperationException or OperationCanceledException)
        {
            Console.WriteLine($"✗ {name}: {error.Message}");
            return false;
        }
    }

    private async Task<string> DeployedAsync(CancellationToken cancellationToken)
    {
        var snapshot = await _deployments.UntilReadyAsync(_ => true, cancellationToken);
        return $"{snapshot.ReadyInstances} instances at {string.Join(", ", snapshot.Instances.Select(instance => instance.Address))}";
    }

    private async Task<string> RequestAsync(CancellationToken cancellationToken)
    {
        var (code, text) = await SendAsync(Welcome.SampleBody, cancellationToken);
        return code == HttpStatusCode.OK ? text : throw new InvalidOperationException($"expected 200, got {(int)code} {text}");
    }

    private async Task<string> WrongRequestAsync(CancellationToken cancellationToken)
    {
        var (code, text) = await SendAsync("""{"props": {"feature_d3e4f5061": "many"}}""", cancellationToken);
        return code == HttpStatusCode.BadRequest
            ? $"400, {string.Join("; ", JsonNode.Parse(text)!["problems"]!.AsArray().Select(problem => $"{problem!["pointer"]} {problem["rule"]}"))}"
            : throw new InvalidOperationException($"expected 400, got {(int)code} {text}");
    }

    private async Task<bool> LoseAsync(CancellationToken cancellationToken)
        => app.Configuration["Docker"] is null
            ? await StepAsync("kill -9 of one instance under load", () => LoseAsync(KillProcesses, cancellationToken))
            : await StepAsync("docker kill of one instance under load", () => LoseAsync(id => PluginContainers.Do(id, "kill"), cancellationToken))
                && await StepAsync("docker rm -f of one instance under load", () => LoseAsync(id => PluginContainers.Do(id, "rm", "-f"), cancellationToken));

    private void KillProcesses(string instance)
    {
        foreach (var id in PluginProcesses.Below(Path.Combine(stateFolder, "instances", instance)))
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It has ended with those before it.
            }
        }
    }

    private async Task<string> LoseAsync(Action<string> lose, CancellationToken cancellationToken)
    {
        var victim = _deployments.Get("churn")!.Instances[0];
        await using var clients = new Clients(_http, _endpoint, Welcome.SampleBody, 8);
        await clients.UntilAnsweredAsync(50, cancellationToken);
        lose(victim.Id.Value);
        var snapshot = await _deployments.UntilReadyAsync(now => now.Instances.All(instance => instance.Id != victim.Id), cancellationToken);
        await clients.UntilAnsweredAsync(clients.Answered + 50, cancellationToken);
        await clients.StopAsync();
        return clients.Failures.Count <= 8
            ? $"{snapshot.ReadyInstances} instances again; {clients.Answered} requests answered, {clients.Failures.Count} lost with the instance that held them"
            : throw new InvalidOperationException($"{clients.Failures.Count} requests failed, e.g. {clients.Failures.First()}");
    }

    /// <summary>Nothing is called: the deployment follows the folder that is trained into.</summary>
    private async Task<string> RetrainAsync(CancellationToken cancellationToken)
    {
        var before = _deployments.Get("churn")!.ServingRevision;
        await using var clients = new Clients(_http, _endpoint, Welcome.SampleBody, 8);
        await TrainAsync(seed: 2, cancellationToken);
        await _deployments.UntilReadyAsync(now => now.ServingRevision != before, cancellationToken);
        await clients.UntilAnsweredAsync(clients.Answered + 50, cancellationToken);
        await clients.StopAsync();
        var (_, text) = await SendAsync(Welcome.SampleBody, cancellationToken);
        if (clients.Failures.Count > 0 || !text.Contains("seed 2", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{clients.Failures.Count} requests failed, e.g. {clients.Failures.FirstOrDefault()}; the answer is now {text}");
        }

        return $"{clients.Answered} requests answered, 0 failed; the answer is now {text}";
    }

    private async Task TrainAsync(int seed, CancellationToken cancellationToken)
    {
        var script = Path.Combine(folder, "..", "..", "train.sh");
        using var process = Process.Start(new ProcessStartInfo("bash", [script, folder, $"{seed}"]) { RedirectStandardOutput = true })!;
        await using var stop = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var words = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"training failed: {words}");
        }
    }

    private async Task<(HttpStatusCode Code, string Text)> SendAsync(string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(_endpoint, content, cancellationToken);
        return (answer.StatusCode, (await answer.Content.ReadAsStringAsync(cancellationToken)).Trim());
    }
}
