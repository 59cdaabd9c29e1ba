using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Stormly.Deploy.Explain;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Makes addresses of tabs from their titles: small letters, digits and hyphens, each different.</summary>
internal static class TabSlugs
{
    private const int Longest = 40;

    /// <summary>Names every tab.</summary>
    /// <param name="tabs">The tabs.</param>
    /// <returns>A slug for each, in their order.</returns>
    public static List<string> Of(ImmutableArray<ExplainedTab> tabs)
    {
        var slugs = new List<string>(tabs.Length);
        foreach (var tab in tabs)
        {
            var slug = Of(tab.Title ?? "");
            var unique = slug;
            for (var i = 2; slugs.Contains(unique); i++)
            {
                unique = string.Create(CultureInfo.InvariantCulture, $"{slug}-{i}");
            }

            slugs.Add(unique);
        }

        return slugs;
    }

    private static string Of(string title)
    {
        var slug = new StringBuilder();
        foreach (var c in title)
        {
            if (slug.Length >= Longest)
            {
                break;
            }

            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString().TrimEnd('-');
        return text.Length == 0 ? "tab" : text;
    }
}
