using System.Diagnostics;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Diagnostics;

/// <summary>The names under which a host application collects what this library measures and traces.</summary>
public static class PluginDeploymentTelemetry
{
    /// <summary>The meter, for <c>AddMeter</c>.</summary>
    public const string MeterName = RoutingMetrics.MeterName;

    /// <summary>The activity source, for <c>AddSource</c>: one activity <c>stormly.deploy.request</c> for each request.</summary>
    public const string ActivitySourceName = "Stormly.Deploy";

    private static readonly ActivitySource Source = new(ActivitySourceName);

    internal static Activity? StartRequest(PluginName plugin)
        => Source.StartActivity("stormly.deploy.request", ActivityKind.Client)?.SetTag(RoutingMetrics.PluginTag, plugin.Value);

    internal static void Finish(Activity? activity, string outcome, bool failed)
    {
        activity?.SetTag(RoutingMetrics.OutcomeTag, outcome);
        activity?.SetStatus(failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
    }
}
