namespace Stormly.Deploy.Docker.Images;

/// <summary>What people write as an image.</summary>
internal static class ImageName
{
    /// <summary>The registry of images that name none.</summary>
    public const string DockerHub = "docker.io";

    /// <summary>Completes a name for fetching: without tag or digest an engine would fetch every tag that there is.</summary>
    /// <param name="image">What was written.</param>
    /// <returns>The name with a tag or digest.</returns>
    public static string WithTag(string image)
        => image.Contains('@', StringComparison.Ordinal) || image[(image.LastIndexOf('/') + 1)..].Contains(':', StringComparison.Ordinal) ? image : image + ":latest";

    /// <summary>The registry that an image comes from, as images name it.</summary>
    /// <param name="image">What was written.</param>
    /// <returns>The registry: the part before the first slash where that looks like a host, else Docker Hub.</returns>
    public static string RegistryOf(string image)
        => image.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && image[..slash] is var first
            && (first == "localhost" || first.AsSpan().IndexOfAny('.', ':') >= 0) ? first : DockerHub;

    /// <summary>Whether it names an image by its id, which no registry knows.</summary>
    /// <param name="image">What was written.</param>
    /// <returns>True for <c>sha256:…</c>.</returns>
    public static bool IsId(string image) => image.StartsWith("sha256:", StringComparison.Ordinal);
}
