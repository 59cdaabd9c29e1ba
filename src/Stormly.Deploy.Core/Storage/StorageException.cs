using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>Something in the state folder cannot be read or written.</summary>
internal sealed class StorageException : PluginDeploymentException
{
    private StorageException(string message, Exception? inner)
        : base(message, inner!)
    {
    }

    public static StorageException At(string path, string what, Exception cause)
        => new($"{what} '{path}' failed: {cause.Message.TrimEnd('.')}. Look at the disk's free space and the folder's rights, or set StateFolder to another folder.", cause);

    public static StorageException Because(string message, Exception? cause = null) => new(message, cause);

    /// <summary>Whether an error is one of disks and rights, not a bug.</summary>
    /// <param name="error">The error.</param>
    /// <returns>True for those.</returns>
    public static bool IsDiskError(Exception error) => error is IOException or UnauthorizedAccessException;
}
