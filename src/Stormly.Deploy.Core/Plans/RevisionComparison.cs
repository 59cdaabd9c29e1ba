using System.Collections.Immutable;
using Stormly.Deploy.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Plans;

/// <summary>What differs between the revision that is wanted now and one that could be. Pure.</summary>
internal static class RevisionComparison
{
    private const int LongestPath = 300;

    public static ImmutableArray<HttpChange> Http(HttpSpec before, HttpSpec after)
    {
        var keys = after.Values.Concat(before.Values).Select(v => v.Key).Distinct(StringComparer.Ordinal);
        return [.. keys.Select(k => Compare(k, Find(before, k), Find(after, k))).Where(c => c.Values.Count > 0)];
    }

    public static JsonChanges Manifest(PluginManifest before, PluginManifest after)
    {
        var same = ManifestDigest.Of(before).AsSpan().SequenceEqual(ManifestDigest.Of(after));
        return same ? JsonChanges.None : JsonDifference.Between(before.Raw, after.Raw, "", IsSigned, static pointer => pointer == "/downloadUrls");
    }

    /// <summary>Compares files by what a revision sees of them.</summary>
    /// <param name="before">The old revision's copy.</param>
    /// <param name="after">The new files.</param>
    /// <returns>The differences, in the order of the paths.</returns>
    public static FileChanges Files(IEnumerable<FolderEntry> before, IEnumerable<FolderEntry> after)
    {
        var old = before.ToDictionary(e => e.Path, StringComparer.Ordinal);
        var (added, changed) = (new List<string>(), new List<string>());
        foreach (var entry in after)
        {
            if (!old.Remove(entry.Path, out var was))
            {
                added.Add(entry.Path);
            }
            else if (!entry.IsLike(was))
            {
                changed.Add(entry.Path);
            }
        }

        return new FileChanges
        {
            Added = Show(added),
            Removed = Show(old.Keys),
            Changed = Show(changed),
            AddedCount = added.Count,
            RemovedCount = old.Count,
            ChangedCount = changed.Count,
        };
    }

    public static ImmutableArray<EnvironmentChange> Environment(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
    {
        var names = before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. names.Select(n => Compare(n, before, after)).OfType<EnvironmentChange>()];
    }

    private static EnvironmentChange? Compare(string name, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
    {
        var (was, now) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
        var kind = was is null ? ChangeKind.Added : now is null ? ChangeKind.Removed : ChangeKind.Changed;
        return was == now ? null : new EnvironmentChange(PrintableText.Escape(name, maxLength: LongestPath), kind);
    }

    private static HttpChange Compare(string key, HttpValue? before, HttpValue? after)
        => new(key, before?.Stage, after?.Stage, JsonDifference.Between(before?.Value, after?.Value, "/http" + JsonPath.Member(key)));

    private static HttpValue? Find(HttpSpec spec, string key) => spec.Values.FirstOrDefault(v => v.Key == key);

    private static ImmutableArray<string> Show(IEnumerable<string> paths)
        => [.. paths.Order(StringComparer.Ordinal).Take(FileChanges.MaxListed).Select(p => PrintableText.Escape(p, maxLength: LongestPath))];

    private static bool IsSigned(string pointer)
        => pointer.StartsWith("/getUploadUrls", StringComparison.Ordinal) || pointer.StartsWith("/dataUrls", StringComparison.Ordinal);
}
