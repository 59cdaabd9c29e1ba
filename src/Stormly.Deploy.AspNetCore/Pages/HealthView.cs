using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>
/// How the endpoint fares, in a caller's words. Never the reason that a snapshot gives: that is the operator's, and may name folders and addresses.
/// </summary>
/// <param name="Tone">The chip's colour and shape: <c>ok</c>, <c>warn</c>, <c>bad</c> or <c>idle</c>.</param>
/// <param name="Word">One or two words.</param>
/// <param name="Sentence">What it means for a caller.</param>
internal sealed record HealthView(string Tone, string Word, string Sentence)
{
    /// <summary>Puts a deployment into words.</summary>
    /// <param name="deployment">The deployment; null where nothing runs under the name.</param>
    /// <returns>The words.</returns>
    public static HealthView Of(DeploymentSnapshot? deployment)
    {
        if (deployment is null)
        {
            return new HealthView("bad", "Not running", "Nothing answers requests at the moment.");
        }

        var ready = deployment.ReadyInstances;
        var count = string.Create(CultureInfo.InvariantCulture, $"{ready} of {deployment.WantedInstances} {(deployment.WantedInstances == 1 ? "instance" : "instances")} ready");
        if (deployment.Phase is DeploymentPhase.Removing or DeploymentPhase.Removed)
        {
            return new HealthView("bad", "Being removed", "This plugin is being taken away. New requests are refused.");
        }

        return ready > 0 ? Serving(deployment, ready, count) : Silent(deployment.Phase, deployment.WantedInstances, count);
    }

    private static HealthView Serving(DeploymentSnapshot deployment, int ready, string count) => deployment.Phase switch
    {
        DeploymentPhase.Deploying => new HealthView("ok", "Updating", $"A new version is coming up while the present one answers: {count}."),
        DeploymentPhase.Paused when ready >= deployment.WantedInstances => new HealthView("ok", "Healthy", $"Answers requests: {count}."),
        DeploymentPhase.Ready when ready >= deployment.WantedInstances => new HealthView("ok", "Healthy", $"Answers requests: {count}."),
        _ => new HealthView("warn", "Degraded", $"Answers requests with less strength than it should: {count}."),
    };

    private static HealthView Silent(DeploymentPhase phase, int wanted, string count) => phase switch
    {
        DeploymentPhase.Deploying => new HealthView("warn", "Starting", $"Requests wait until it is up: {count}."),
        DeploymentPhase.BackingOff => new HealthView("bad", "Down", $"It failed and is started again shortly: {count}."),
        DeploymentPhase.Ready or DeploymentPhase.Paused when wanted == 0 => new HealthView("idle", "Asleep", "Nothing runs while nobody asks; the first request wakes it and takes longer."),
        _ => new HealthView("bad", "Down", $"Requests are refused until its operator has mended it: {count}."),
    };
}
