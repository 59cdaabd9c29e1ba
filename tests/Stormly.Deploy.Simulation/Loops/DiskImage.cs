using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Simulation;

/// <summary>What lies on a disk at the moment of a crash, while others may still write to it.</summary>
internal static class DiskImage
{
    /// <summary>Copies a state folder as the next run of a host application finds it after a crash at this moment.</summary>
    /// <param name="from">The state folder.</param>
    /// <param name="to">Where the copy is to lie.</param>
    public static void Take(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(f => Path.GetFileName(f) != "lock"))
        {
            CopyFile(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.GetDirectories(from))
        {
            try
            {
                var copy = Path.Combine(to, Path.GetFileName(folder));
                Take(folder, copy);
                Directory.SetLastWriteTimeUtc(copy, Directory.GetLastWriteTimeUtc(folder));
            }
            catch (DirectoryNotFoundException)
            {
                // It was removed at this very moment, so the next run does not find it either.
            }
        }
    }

    /// <summary>Ends a run of a host application as <c>kill -9</c> does: what lies in its state folder at this moment is what the next run finds.</summary>
    /// <param name="host">Its backend, whose hands reach no instance from now on.</param>
    /// <param name="state">Its state folder.</param>
    /// <param name="end">Makes the run end, on a folder that nobody looks at any more.</param>
    /// <returns>A task.</returns>
    public static async Task CrashAsync(InMemoryInstanceHost host, string state, Func<Task> end)
    {
        host.Crash();
        var left = state + ".left";
        Take(state, left);
        await end();
        Directory.Delete(state, recursive: true);
        Directory.Move(left, state);
    }

    private static void CopyFile(string from, string to)
    {
        try
        {
            using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new FileStream(to, FileMode.CreateNew);
            source.CopyTo(copy);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // As above.
        }
        catch (IOException) when (Path.GetExtension(from) != ".journal")
        {
            // Whoever writes a new file holds it for himself; a crash leaves as much of it as was written, which may be nothing. A journal is held by nobody.
            File.Create(to).Dispose();
        }
    }
}
