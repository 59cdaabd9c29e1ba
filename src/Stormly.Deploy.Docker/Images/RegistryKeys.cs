using Docker.DotNet.Models;

namespace Stormly.Deploy.Docker.Images;

/// <summary>Finds how the engine signs in at the registry of an image: what the options say, else what <c>docker login</c> left.</summary>
internal sealed class RegistryKeys(DockerHostOptions options, DockerLogin login)
{
    /// <summary>Finds it, anew for each fetch: passwords change.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How the engine signs in.</returns>
    public async Task<RegistrySignIn> FindAsync(string image, CancellationToken cancellationToken)
    {
        var registry = ImageName.RegistryOf(image);
        if (options.Registries.FirstOrDefault(r => string.Equals(r.Address, registry, StringComparison.OrdinalIgnoreCase)) is { } said)
        {
            var auth = new AuthConfig { ServerAddress = ServerOf(registry), Username = said.Username!, Password = said.Password!, IdentityToken = said.IdentityToken! };
            return new RegistrySignIn(auth, $"signed in at {registry} {Who(said.Username)} (`Docker:Registries`)");
        }

        if (!options.UseDockerLogin)
        {
            return new RegistrySignIn(null, $"asked {registry} as nobody: `Docker:Registries` does not name it");
        }

        var (found, words) = await login.FindAsync(ServerOf(registry), registry, cancellationToken).ConfigureAwait(false);
        return found is null
            ? new RegistrySignIn(null, $"asked {registry} as nobody: `Docker:Registries` does not name it, and {words}")
            : new RegistrySignIn(found, $"signed in at {registry} {Who(found.Username)} ({words})");
    }

    /// <summary>Docker Hub is known by an address of old.</summary>
    private static string ServerOf(string registry) => registry == ImageName.DockerHub ? "https://index.docker.io/v1/" : registry;

    private static string Who(string? user) => string.IsNullOrEmpty(user) ? "with an identity token" : $"as '{Model.PrintableText.Escape(user, maxLength: 100)}'";
}
