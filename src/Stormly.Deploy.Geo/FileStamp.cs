namespace Stormly.Deploy.Geo;

/// <summary>What tells one state of a file from another.</summary>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Written">When it was last written.</param>
internal sealed record FileStamp(long Length, DateTime Written)
{
    /// <summary>The state of a file, of the one that a link points to.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The state; null where there is no file.</returns>
    public static FileStamp? Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return target.Exists ? new FileStamp(target.Length, target.LastWriteTimeUtc) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
