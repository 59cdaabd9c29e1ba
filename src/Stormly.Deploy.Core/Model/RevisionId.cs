namespace Stormly.Deploy.Model;

/// <summary>
/// Names a revision by what it is: the SHA-256 digest of the merged spec, the manifest and the plugin's files, as 64 lower-case hex digits.
/// Equal content is the same revision.
/// </summary>
/// <param name="Digest">The 64 hex digits.</param>
public sealed record RevisionId(string Digest)
{
    /// <summary>The first 12 digits: what people read.</summary>
    public string Short => Digest.Length > 12 ? Digest[..12] : Digest;

    /// <inheritdoc/>
    public override string ToString() => Short;
}
