using System.Text;

namespace Stormly.Deploy.Features;

/// <summary>Makes one of the many ways to write a name: <c>Country code</c>, <c>country_code</c>, <c>CountryCode</c> and <c>User country code</c> are <c>countrycode</c>.</summary>
internal static class FeatureNameFold
{
    private const int LongestName = 200;

    /// <summary>Words that say whose fact it is and not which. They are left out while another word is left.</summary>
    private static readonly string[] Whose = ["user", "users", "visitor", "client", "current", "session", "request", "geo", "geoip", "ip", "http", "detected", "the", "feature"];

    /// <summary>Folds a name.</summary>
    /// <param name="name">The name as somebody wrote it.</param>
    /// <returns>Letters and digits in lower case.</returns>
    public static string Fold(string name)
    {
        var words = Words(name.Length > LongestName ? name[..LongestName] : name);
        var telling = words.Where(w => !Whose.Contains(w)).ToList();
        return string.Concat(telling.Count > 0 ? telling : words);
    }

    private static List<string> Words(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsLetterOrDigit(name[i]) || (char.IsUpper(name[i]) && i > 0 && char.IsLower(name[i - 1])))
            {
                End();
            }

            if (char.IsLetterOrDigit(name[i]))
            {
                word.Append(char.ToLowerInvariant(name[i]));
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }
}
