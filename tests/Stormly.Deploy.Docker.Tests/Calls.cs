using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>Talks to a plugin over HTTP.</summary>
internal static class Calls
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Gets a path.</summary>
    public static async Task<string> GetAsync(this IInstance instance, string path)
        => await Http.GetStringAsync(new Uri($"http://{instance.Address}{path}"), TestEngine.Token);

    /// <summary>Waits until it answers; a forwarded port accepts long before anybody listens.</summary>
    public static async Task WaitReadyAsync(this IInstance instance)
    {
        while (!instance.Exited.IsCompleted)
        {
            try
            {
                await instance.GetAsync("/status");
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, TestEngine.Token);
            }
        }

        Assert.Fail($"It ended: {(await instance.Exited).Reason} {instance.ReadOutputTail()}");
    }
}
