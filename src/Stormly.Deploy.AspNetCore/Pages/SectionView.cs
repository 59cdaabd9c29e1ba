namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Inputs that belong together.</summary>
/// <param name="Id">Names the section within the page and in addresses.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Words">What the inputs have in common.</param>
/// <param name="Inputs">The inputs.</param>
internal sealed record SectionView(string Id, string Title, string Words, IReadOnlyList<InputView> Inputs);
