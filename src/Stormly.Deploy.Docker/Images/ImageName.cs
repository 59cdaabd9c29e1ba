namespace Stormly.Deploy.Docker.Images;

/// <summary>What people write as an image.</summary>
internal static class ImageName
{
    /// <summary>Completes a name for fetching: without tag or digest an engine would fetch every tag that there is.</summary>
    /// <param name="image">What was written.</param>
    /// <returns>The name with a tag or digest.</returns>
    public static string WithTag(string image)
        => image.Contains('@', StringComparison.Ordinal) || image[(image.LastIndexOf('/') + 1)..].Contains(':', StringComparison.Ordinal) ? image : image + ":latest";

    /// <summary>Whether it names an image by its id, which no registry knows.</summary>
    /// <param name="image">What was written.</param>
    /// <returns>True for <c>sha256:…</c>.</returns>
    public static bool IsId(string image) => image.StartsWith("sha256:", StringComparison.Ordinal);
}
