namespace Stormly.Deploy.Testing;

/// <summary>A call that an in-memory instance got.</summary>
/// <param name="Path">The path, as the plugin's results give it.</param>
/// <param name="Body">The JSON body: <c>props</c> as they were completed and checked.</param>
public sealed record InMemoryRequest(string Path, string Body);
