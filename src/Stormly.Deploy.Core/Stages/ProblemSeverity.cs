namespace Stormly.Deploy.Stages;

/// <summary>Whether a problem stops a deployment.</summary>
public enum ProblemSeverity
{
    /// <summary>Worth knowing; the deployment goes on.</summary>
    Warning,

    /// <summary>Nothing is deployed until it is mended.</summary>
    Error,
}
