namespace Stormly.Deploy.Model;

/// <summary>How a deployment stands to the folder that it follows.</summary>
public enum SourceState
{
    /// <summary>The folder holds the revision that is wanted.</summary>
    InStep,

    /// <summary>Something in the folder has changed; it is read once nothing changes any more.</summary>
    Changing,

    /// <summary>What the folder holds cannot be deployed; <see cref="SourceSnapshot.Problem"/> says why. What serves goes on serving.</summary>
    Unusable,

    /// <summary>The folder holds a revision that is deployed by a call only, because it was given up before or somebody went back from it.</summary>
    Held,
}
