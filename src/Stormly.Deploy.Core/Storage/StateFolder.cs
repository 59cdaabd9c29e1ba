using System.Globalization;
using System.Text;

namespace Stormly.Deploy.Storage;

/// <summary>The folder that everything durable lives in, locked for one host application at a time. The lock goes with the process, however it ends.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string Revisions => System.IO.Path.Combine(Path, "revisions");

    public string Deployments => System.IO.Path.Combine(Path, "deployments");

    public string Instances => System.IO.Path.Combine(Path, "instances");

    /// <summary>Takes a folder, and makes it where it is not there.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>The folder, to be disposed.</returns>
    /// <exception cref="StorageException">Another host application holds it, or it cannot be written.</exception>
    public static StateFolder Open(string path)
    {
        try
        {
            CreatePrivate(path);
            var folder = new StateFolder(path, Lock(path));
            folder.Prepare();
            return folder;
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            throw StorageException.At(path, "Opening the state folder", error);
        }
    }

    /// <summary>Where the state lives when nobody says: one folder for each host application of a user.</summary>
    /// <param name="application">The host application's name.</param>
    /// <returns>An absolute path.</returns>
    /// <exception cref="StorageException">The user has no folder for local application data.</exception>
    public static string DefaultPath(string application)
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var name = string.Concat(application.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
        return data.Length > 0
            ? System.IO.Path.Combine(data, "stormly-deploy", name)
            : throw StorageException.Because("There is no folder for local application data (HOME is not set). Set StateFolder to an absolute path.");
    }

    /// <summary>Makes a folder that only its owner may enter: what lies in it may hold secrets that the host application adds for a plugin.</summary>
    /// <param name="path">The folder.</param>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, "lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException) && File.Exists(file))
        {
            throw StorageException.Because(
                $"The state folder '{path}' is in use by another host application{Holder(path)}: two must not share one. End it, or set StateFolder to another folder. ({error.Message})", error);
        }
    }

    /// <summary>The holder's process id stands in a file of its own, because the lock's cannot be read while it is held.</summary>
    private static string Holder(string path)
    {
        try
        {
            var text = File.ReadAllText(System.IO.Path.Combine(path, "holder"));
            return text.Length is > 0 and < 20 && text.All(char.IsAsciiDigit) ? $" (process {text})" : "";
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            return "";
        }
    }

    private void Prepare()
    {
        try
        {
            Directory.CreateDirectory(Revisions);
            Directory.CreateDirectory(Deployments);
            Directory.CreateDirectory(Instances);
            AtomicFile.Write(System.IO.Path.Combine(Path, "holder"), Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }
}
