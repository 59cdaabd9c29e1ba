using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Manifests;

/// <summary>Finds and reads the files of a plugin's folder.</summary>
internal sealed class PluginFolderReader(string folder)
{
    private const string ProblemStage = "folder";
    private const string End = ".json";

    private readonly ProblemList _problems = new(ProblemStage, WholePath(folder));
    private readonly List<SpecProblem> _fromFiles = [];

    /// <summary>Reads everything that can be read.</summary>
    public PluginFolder Read()
    {
        var names = ListFiles();
        if (names is null)
        {
            return new PluginFolder { Path = folder, Problems = _problems.ToImmutable() };
        }

        var (manifestFile, manifest) = ReadManifest(names);
        var results = FindResults(names, manifest);
        return new PluginFolder
        {
            Path = folder,
            ManifestFile = manifestFile,
            Manifest = manifest,
            ResultFiles = [.. results.Select(r => r.Path)],
            Results = ReadResults(results),
            Problems = [.. _problems.ToImmutable(), .. _fromFiles],
        };
    }

    /// <summary>Problems of a folder name it whole: a name alone does not say where somebody looked.</summary>
    private static string WholePath(string folder)
    {
        try
        {
            return Path.GetFullPath(folder);
        }
        catch (ArgumentException)
        {
            return folder;
        }
    }

    private List<string>? ListFiles()
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Where(n => n.EndsWith(End, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            _problems.Error("", File.Exists(folder) ? "must be a plugin's folder, but is a file" : "must be a plugin's folder, but there is no such folder", "Check the path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _problems.Error("", $"must be a readable folder, but: {PrintableText.Escape(e.Message.TrimEnd('.'), maxLength: 300)}", "Check the path and its permissions.");
        }

        return null;
    }

    private (string? File, PluginManifest? Manifest) ReadManifest(List<string> names)
    {
        var (single, staged) = Split(names, "manifest");
        if (single && staged.Count > 0)
        {
            _problems.Error("", $"must not have both manifest.json and {staged[0].Name}", "Keep one of the two: the last stage's manifest.");
        }
        else if (!single && staged.Count == 0)
        {
            _problems.Error("", "must have a manifest, but there is neither manifest.json nor manifest-<stage>.json", "Put the last stage's manifest there.");
            return (null, null);
        }

        var read = single
            ? [ReadManifestFile("manifest.json")]
            : staged.Select(s => ReadManifestFile(s.Name)).ToList();
        return read.Count == 1 ? read[0] : Last(read);
    }

    private (string? File, PluginManifest? Manifest) ReadManifestFile(string name)
    {
        var path = Path.Combine(folder, name);
        var reading = PluginManifest.ReadFile(path);
        _fromFiles.AddRange(reading.Problems);
        return (path, reading.Manifest);
    }

    /// <summary>Of several stages' manifests the last is the one that names all the other stages.</summary>
    private (string? File, PluginManifest? Manifest) Last(List<(string? File, PluginManifest? Manifest)> read)
    {
        var good = read.Where(r => r.Manifest is not null).ToList();
        var last = good.Where(r => good.All(o => r.Manifest!.StageOrder.Contains(o.Manifest!.Stage) && (o == r || o.Manifest.Stage != r.Manifest.Stage)))
            .OrderByDescending(r => r.Manifest!.StageOrder.Length).ToList();
        if (last.Count == 1 || (last.Count > 1 && last[0].Manifest!.StageOrder.Length > last[1].Manifest!.StageOrder.Length))
        {
            return last[0];
        }

        _problems.Error("", $"must show which manifest is the last stage's, but none of {read.Count} names the stages of all the others", "Keep only the last stage's manifest.");
        return (null, null);
    }

    private List<(string Path, string Stage)> FindResults(List<string> names, PluginManifest? manifest)
    {
        var (single, staged) = Split(names, "results");
        if (single && staged.Count > 0)
        {
            _problems.Error("", $"must not have both results.json and {staged[0].Name}", "Keep results.json where there is one stage, results-<stage>.json where there are more.");
        }
        else if (!single && staged.Count == 0)
        {
            _problems.Error("", "must have results, but there is neither results.json nor results-<stage>.json", "Run the plugin's stages first.");
        }

        if (single)
        {
            return [(Path.Combine(folder, "results.json"), manifest?.Stage ?? StageFiles.InitialStage)];
        }

        return [.. InOrder(staged, manifest).Select(s => (Path.Combine(folder, s.Name), s.Stage))];
    }

    private IEnumerable<(string Name, string Stage)> InOrder(List<(string Name, string Stage)> staged, PluginManifest? manifest)
    {
        if (manifest is null)
        {
            return staged.OrderByDescending(s => s.Stage == StageFiles.InitialStage);
        }

        foreach (var (name, stage) in staged.Where(s => !manifest.StageOrder.Contains(s.Stage)))
        {
            var order = PrintableText.Escape(string.Join(", ", manifest.StageOrder), maxLength: 300);
            _problems.Error("", $"has {name}, but the manifest knows no stage {stage}; it knows {order}", "Take the file away, or put the manifest of the same run there.");
        }

        foreach (var stage in manifest.StageOrder.Where(o => staged.Count > 0 && staged.All(s => s.Stage != o)))
        {
            var shown = PrintableText.Escape(stage, maxLength: StageFiles.MaxStageLength);
            _problems.Warning("", $"has no results-{shown}.json, although the stage {shown} ran", "Put it there if it holds a part of http.");
        }

        return staged.Where(s => manifest.StageOrder.Contains(s.Stage)).OrderBy(s => manifest.StageOrder.IndexOf(s.Stage));
    }

    private ImmutableArray<StageResult> ReadResults(List<(string Path, string Stage)> files)
    {
        var results = ImmutableArray.CreateBuilder<StageResult>();
        foreach (var (path, stage) in files)
        {
            var reading = StageResult.ReadFile(path, stage);
            _fromFiles.AddRange(reading.Problems);
            if (reading.Result is { } result)
            {
                results.Add(result);
            }
        }

        return results.DrainToImmutable();
    }

    /// <summary>The files of one kind: whether the one without a stage is there, and those with a stage. A stage that is no name is a problem.</summary>
    private (bool Single, List<(string Name, string Stage)> Staged) Split(List<string> names, string kind)
    {
        var staged = new List<(string, string)>();
        foreach (var name in names.Where(n => n.StartsWith(kind + "-", StringComparison.Ordinal)))
        {
            var stage = name[(kind.Length + 1)..^End.Length];
            if (StageFiles.FindProblem(stage) is { } rule)
            {
                _problems.Error("", $"has {PrintableText.Escape(name, maxLength: 300)}, whose stage {rule}", "Rename the file.");
            }
            else
            {
                staged.Add((name, stage));
            }
        }

        return (names.Contains(kind + End), staged);
    }
}
