using System.Text.Json;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Texts that break programs which are put together from pieces.</summary>
internal static class NaughtyTexts
{
    public static IReadOnlyList<string> All { get; } =
    [
        "", " ", "'", "\"", "\\", "\\'", "\\\"", "\\\\", "'''", "\"\"\"", "`", "${1+1}", "$(touch owned)", "`touch owned`", "$HOME", "!!", "%s %n", "{0}", "{{x}}", "#{x}", "\n", "\r\n", "\t", "\0", "\u0001\u001b[31m",
        "JSON", "JSON;", "\nJSON;\necho 1;", "?>", "<?php", "<script>", "</script>", "*/", "//", "--", ";", "|", "&", "\u2028", "\u2029", "\u0085", "\u202Egnp", "\u2066x\u2069", "\u200B", "\uFEFF", "\u00AD", "\U000E0041",
        "é", "𝒳", "👩‍👩‍👧‍👦", "السلام", new string('x', 300), "r'''x'''", "String.raw`x`", "\\u0041", "\\x41", "\\N{DIGIT ONE}", "it's",
    ];

    /// <summary>Values as somebody may have written them: their digits, escapes and order are to stay.</summary>
    public static IReadOnlyList<string> Json { get; } =
    [
        "4.0", "1e-3", "-0", "12345678901234567890", "0.30000000000000004", "1E400", "true", "null", "[]", "{}", "[1,[2,[3]]]", "{\"b\":1,\"a\":{\"b\":[1.0,\"x\"]}}", "\"\\u00e9\\/\"", "{ \"a\" :\n 1 }", "[\r\n1]",
        .. All.Select(t => JsonSerializer.Serialize(t)), .. All.Where(t => t.All(c => c > 31)).Select(t => SafeJson.Quote(t)),
    ];
}
