namespace Stormly.Deploy.Runtime;

/// <content>A host application that is killed.</content>
internal sealed partial class DeploymentBench
{
    /// <summary>Ends the run as <c>kill -9</c> does: what lies in the state folder at this moment is what the next run finds.</summary>
    public async Task CrashAsync()
    {
        Host.Crash();
        var left = State + ".left";
        Copy(State, left);

        // The run that was killed is made to end on a folder that nobody looks at any more; its hands reach no instance.
        await EndAsync();
        Directory.Delete(State, recursive: true);
        Directory.Move(left, State);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(f => Path.GetFileName(f) != "lock" && Path.GetExtension(f) != ".tmp"))
        {
            Look(() => File.Copy(file, Path.Combine(to, Path.GetFileName(file))));
        }

        foreach (var folder in Directory.GetDirectories(from))
        {
            Look(() => Copy(folder, Path.Combine(to, Path.GetFileName(folder))));
        }
    }

    /// <summary>What is being removed at this very moment is gone.</summary>
    private static void Look(Action copy)
    {
        try
        {
            copy();
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            // So the next run finds it neither.
        }
    }
}
