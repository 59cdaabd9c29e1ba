using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Diagnostics;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Core.Tests.Diagnostics;

public sealed class PluginDeploymentTelemetryTests
{
    [Theory]
    [InlineData(200, "ok", ActivityStatusCode.Ok)]
    [InlineData(500, "plugin-error", ActivityStatusCode.Error)]
    public async Task SendAsync_SomebodyListens_LeavesOneActivityWithPluginAndOutcome(int status, string outcome, ActivityStatusCode code)
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source());
        bench.Host.Running[0].AnswerWith(InMemoryAnswer.Code(status));
        var seen = new List<Activity>();
        using var parent = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PluginDeploymentTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == parent.TraceId)
                {
                    seen.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        using var response = await bench.Services.GetRequiredService<IPluginClient>().SendAsync("churn", """{"props": {}}"""u8.ToArray(), null, TestContext.Current.CancellationToken);

        var activity = Assert.Single(seen);
        Assert.Equal("stormly.deploy.request", activity.OperationName);
        Assert.Equal("churn", activity.GetTagItem("stormly.deploy.plugin"));
        Assert.Equal(outcome, activity.GetTagItem("stormly.deploy.outcome"));
        Assert.Equal(code, activity.Status);
    }
}
