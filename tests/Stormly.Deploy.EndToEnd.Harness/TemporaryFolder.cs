namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>A folder of one test, deleted at its end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("stormly-e2e-").FullName;

    /// <summary>A folder inside it, made when it is not there.</summary>
    public string Sub(string name) => Directory.CreateDirectory(Path.Combine(FullName, name)).FullName;

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
