namespace Stormly.Deploy.Logs;

/// <summary>What stands at a path.</summary>
internal enum FileKind
{
    /// <summary>An ordinary file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A named pipe: whoever opens it the ordinary way waits for the other side.</summary>
    Pipe,

    /// <summary>A socket or a device.</summary>
    Other,
}
