using System.Text;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests;

/// <summary>Calls an instance over HTTP.</summary>
internal static class PluginCalls
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Waits until the instance answers its status check with 200.</summary>
    public static Task WaitReadyAsync(this IInstance instance)
        => Waiting.UntilAsync(
            () => instance.Exited.IsCompleted
                ? throw new InvalidOperationException($"Ended before it was ready: {instance.Exited.Result}")
                : IsReady(instance),
            $"instance {instance.Id} to answer; it wrote: {instance.ReadOutputTail()}",
            TestContext.Current.CancellationToken);

    public static async Task<string> PostAsync(this IInstance instance, string path, string body = "{}")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(new Uri($"http://{instance.Address}{path}"), content, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static bool IsReady(IInstance instance)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://{instance.Address}/status_check"));
            using var response = Client.Send(request, TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
