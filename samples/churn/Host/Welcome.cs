using System.Text;
using Stormly.Deploy;

namespace ChurnHost;

/// <summary>What a person is shown once the plugin serves: where it is, and a request to try with its answer.</summary>
internal static class Welcome
{
    /// <summary>A request that the model can answer. `now` is supplied by the library.</summary>
    public const string SampleBody = """{"props": {"user_created": 1690000000, "plan": "free", "feature_acaa2cf5d": false, "feature_b1c2d3e4f": "NL", "feature_c2d3e4f50": "Chrome", "feature_d3e4f5061": 2.0, "feature_e4f506172": 400000.0}}""";

    public static async Task PrintAsync(WebApplication app, string folder, CancellationToken cancellationToken)
    {
        var address = app.Urls.First();
        Console.WriteLine("Starting 3 instances …");
        var snapshot = await app.Services.GetRequiredService<IPluginDeployments>().UntilReadyAsync(_ => true, cancellationToken);
        foreach (var instance in snapshot.Instances)
        {
            Console.WriteLine($"  {instance.Id} at {instance.Address}");
        }

        using var http = new HttpClient();
        using var content = new StringContent(SampleBody, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync($"{address}/plugins/churn", content, cancellationToken);
        Console.WriteLine($"""

            The plugin answers at {address}/plugins/churn, for example:
              curl -H 'Content-Type: application/json' {address}/plugins/churn -d '{SampleBody}'
              {await answer.Content.ReadAsStringAsync(cancellationToken)}
            Its page, for people who want to call it: {address}/plugins/churn
            Another model, without losing a request; it is deployed by itself:
              samples/churn/train.sh {folder} 2
            Ctrl+C stops it.
            """);
    }
}
