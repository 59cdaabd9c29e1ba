using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Manifests;

/// <summary>A stage's manifest as it was written, with typed views of what a deployment needs from it.</summary>
public sealed record PluginManifest
{
    internal PluginManifest()
    {
    }

    /// <summary>The manifest's own <c>stage</c>: the last stage that ran, e.g. <c>trainMore</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>The whole manifest as written, without a byte order mark.</summary>
    public required RawJson Raw { get; init; }

    /// <summary>The features of <c>metadata.features</c>, in the order of the manifest; empty where it has none.</summary>
    public required ImmutableArray<FeatureDescriptor> Features { get; init; }

    /// <summary>
    /// The stages that ran, in their order: the keys of <c>getUploadUrls</c>, <c>dataUrls</c> and <c>downloadUrls</c>, then the manifest's own stage.
    /// The stage <c>server</c> is not among them: it is the one that is deployed.
    /// </summary>
    public required ImmutableArray<string> StageOrder { get; init; }

    /// <summary>Reads a manifest. It must be strict JSON, of the same size and depth as a stage's result.</summary>
    /// <param name="origin">The file or other origin, for messages.</param>
    /// <param name="utf8">The document. It is kept, not copied: it must not change afterwards.</param>
    /// <returns>The manifest and every problem. Never throws because of what the document says.</returns>
    public static ManifestReading Read(string origin, ReadOnlyMemory<byte> utf8)
    {
        var problems = new ProblemList(ManifestReader.ProblemStage, origin);
        var manifest = JsonCheck.Run(utf8, lenient: false, problems) is { } json ? ManifestReader.Read(new RawJson(json.Text), problems) : null;
        return new ManifestReading(problems.HasErrors ? null : manifest, problems.ToImmutable());
    }

    /// <summary>Reads a manifest from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The manifest and every problem, a missing or unreadable file included.</returns>
    public static ManifestReading ReadFile(string path)
    {
        var origin = StageFiles.OriginOf(path);
        var problems = new ProblemList(ManifestReader.ProblemStage, origin);
        return DocumentFile.TryRead(path, problems) is { } utf8 ? Read(origin, utf8) : new ManifestReading(null, problems.ToImmutable());
    }
}
