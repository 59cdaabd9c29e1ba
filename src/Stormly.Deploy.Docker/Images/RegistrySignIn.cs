using Docker.DotNet.Models;

namespace Stormly.Deploy.Docker.Images;

/// <summary>How the engine signs in at a registry for one fetch.</summary>
/// <param name="Auth">What the engine is told; null where it asks as nobody.</param>
/// <param name="Words">The same for people, without any secret: "as 'ci' (`Docker:Registries`)".</param>
internal sealed record RegistrySignIn(AuthConfig? Auth, string Words)
{
    /// <summary>What people are shown of it: never the secret.</summary>
    /// <returns>The words.</returns>
    public override string ToString() => Words;
}
