namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>An example answer.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Pieces">The answer, laid out.</param>
/// <param name="IsWhole">Whether all of it is shown.</param>
internal sealed record OutputView(string Name, IReadOnlyList<JsonPiece> Pieces, bool IsWhole);
