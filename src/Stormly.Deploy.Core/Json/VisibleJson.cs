using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Stormly.Deploy.Json;

/// <summary>What of a text can be seen: the rest is written as escapes wherever people may read JSON.</summary>
internal static class VisibleJson
{
    /// <summary>Leaves what can be seen as it is, but for what a browser could take for HTML.</summary>
    public static JavaScriptEncoder Encoder { get; } = MakeEncoder();

    /// <summary>Asks whether a character can be seen, or is a blank.</summary>
    /// <param name="rune">The character.</param>
    /// <returns>Whether it needs no escape.</returns>
    public static bool Shows(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    private static JavaScriptEncoder MakeEncoder()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.All);
        for (var unit = 0; unit <= char.MaxValue; unit++)
        {
            if (Rune.TryCreate(unit, out var rune) && !Shows(rune))
            {
                settings.ForbidCharacter((char)unit);
            }
        }

        return JavaScriptEncoder.Create(settings);
    }
}
