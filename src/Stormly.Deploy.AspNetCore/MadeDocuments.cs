using System.Collections.Concurrent;
using Stormly.Deploy.Documents;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore;

/// <summary>
/// Keeps documents for as long as they say what is so: everything that one was made of is compared with each request, so that nothing has to be told that something changed. An
/// address is written by the caller, in more spellings than can be kept: there is room for a few, and when it is full all of them are made again.
/// </summary>
internal sealed class MadeDocuments
{
    /// <summary>Documents, at most 16 MiB together.</summary>
    internal const int Room = 64;

    /// <summary>A longer one is made for each request.</summary>
    internal const int LongestBytes = 256 * 1024;

    private readonly ConcurrentDictionary<(ExplainDocument Document, PluginName Plugin, PluginAddress Address), MadeDocument> _made = new();

    /// <summary>How many are kept.</summary>
    internal int Count => _made.Count;

    /// <summary>Finds a document, or makes it.</summary>
    /// <param name="document">Which one.</param>
    /// <param name="description">What it says.</param>
    /// <param name="address">Where the plugin is reached.</param>
    /// <returns>The document.</returns>
    public MadeDocument Get(ExplainDocument document, PluginDescription description, PluginAddress address)
    {
        var key = (document, description.Plugin, address);
        if (_made.TryGetValue(key, out var made) && made.Says(description))
        {
            return made;
        }

        var newer = MadeDocument.Make(document, description, address);
        if (newer.Text.Length > LongestBytes)
        {
            _made.TryRemove(key, out _);
            return newer;
        }

        if (made is null && _made.Count >= Room)
        {
            _made.Clear();
        }

        _made[key] = newer;
        return newer;
    }
}
