namespace Stormly.Deploy.Features;

/// <summary>Reads the tables that are part of the assembly: a row a line, columns parted by <c>|</c>.</summary>
internal static class EmbeddedRows
{
    /// <summary>Reads a table.</summary>
    /// <param name="name">The file's name.</param>
    /// <returns>Its rows.</returns>
    public static IEnumerable<string[]> Read(string name)
    {
        using var stream = typeof(EmbeddedRows).Assembly.GetManifestResourceStream("Stormly.Deploy.Features." + name)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split('|');
        }
    }
}
