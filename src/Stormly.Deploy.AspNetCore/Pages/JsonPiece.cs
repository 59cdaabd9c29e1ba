namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>A stretch of JSON text in one colour.</summary>
/// <param name="Kind">What it is, as the style sheet calls it: empty for punctuation, <c>k</c> a name, <c>s</c> text, <c>n</c> a number, <c>w</c> a word.</param>
/// <param name="Text">The text.</param>
internal readonly record struct JsonPiece(string Kind, string Text);
