namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>A tab to choose from.</summary>
/// <param name="Slug">Its address within the page: <c>?tab=slug</c>.</param>
/// <param name="Title">The plugin's title for it: text of a stranger.</param>
/// <param name="IsCurrent">Whether it is the one that is shown.</param>
internal sealed record TabLink(string Slug, string Title, bool IsCurrent)
{
    /// <summary>The link.</summary>
    public string Href => "?tab=" + Slug;
}
