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
                Take(folder, Path.Combine(to, Path.GetFileName(folder)));
            }
            catch (DirectoryNotFoundException)
            {
                // It was removed at this very moment, so the next run does not find it either.
            }
        }
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
