namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Parts pieces of text into lines; a line keeps its end, so that all of them together are the text. The page's script does the same.</summary>
internal static class JsonLines
{
    /// <summary>Parts them.</summary>
    /// <param name="pieces">The pieces; only those without a colour hold line ends.</param>
    /// <returns>The pieces of each line.</returns>
    public static IEnumerable<IReadOnlyList<JsonPiece>> Of(IReadOnlyList<JsonPiece> pieces)
    {
        var line = new List<JsonPiece>();
        foreach (var piece in pieces)
        {
            var text = piece.Text;
            for (var end = text.IndexOf('\n', StringComparison.Ordinal) + 1; end > 0; end = text.IndexOf('\n', StringComparison.Ordinal) + 1)
            {
                line.Add(piece with { Text = text[..end] });
                yield return line;
                line = [];
                text = text[end..];
            }

            if (text.Length > 0)
            {
                line.Add(piece with { Text = text });
            }
        }

        if (line.Count > 0)
        {
            yield return line;
        }
    }
}
