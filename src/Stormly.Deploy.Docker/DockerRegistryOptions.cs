namespace Stormly.Deploy.Docker;

/// <summary>How the engine signs in at one registry: with a user's name and password, or with an identity token. Neither ever stands in a log or an error.</summary>
public sealed class DockerRegistryOptions
{
    /// <summary>The registry as images name it, without scheme and path: <c>registry.example.com</c>, <c>localhost:5000</c>; <c>docker.io</c> for Docker Hub.</summary>
    public string Address { get; set; } = "";

    /// <summary>The user's name; together with <see cref="Password"/>. Default null.</summary>
    public string? Username { get; set; }

    /// <summary>The password, or an access token in its place. Keep it out of files that are checked in: user secrets, environment variables, a vault. Default null.</summary>
    public string? Password { get; set; }

    /// <summary>An identity token (a refresh token, as <c>docker login</c> gets it), instead of a name and a password. Default null.</summary>
    public string? IdentityToken { get; set; }
}
