using System.Text;

namespace Stormly.Deploy.Core.Tests.Json;

/// <summary>
/// What RFC 8259 allows and forbids, as our own table. Each text is one JSON value, or an attempt at one; the tests put it where they need it.
/// </summary>
internal static class JsonCases
{
    /// <summary>Values that every reader must take.</summary>
    public static readonly string[] Good =
    [
        // Literals and white space of all four kinds.
        "true", "false", "null", " \t\r\n true \n",

        // Numbers (§6): sign, zero, fraction, exponent in all spellings, more digits than a machine word or a double holds.
        "0", "-0", "7", "-7", "10", "100200300400500600700800900", "0.0", "-0.0", "0.5", "-1.25", "0.00000000000000000000000000000000001",
        "1e0", "1E0", "1e+0", "1e-0", "1e01", "1E+007", "-1e-1", "0e1", "0e-99999", "1e400", "-1e400", "1e999999", "1.0E+2", "3.141592653589793238462643383279",
        "1", "-1", "-0.5", "1.25", "1.5e300", "1e999", "1e1", "1E1", "1e+1", "1e-1", "0e0", "123456789012345678901234567890",
        "9007199254740993", "18446744073709551616", "-9223372036854775809",

        // Strings (§7): every short escape, units of any case, pairs, NUL, noncharacters, raw text of one to four bytes, DEL, the two line separators.
        "\"\"", "\" \"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0041\"", "\"\\u00e9\\u00E9\"", "\"\\u0000\"", "\"\\uFFFF\\uFDD0\"", "\"\\ud83d\\ude00\"",
        "\"\\uDBFF\\uDFFF\"", "\"\\\\u12\"", "\"\\\\ud800\"", "\"é\"", "\"€\"", "\"😀\"", "\"\u007f\"", "\"\u2028\u2029\"", "\"\uFEFF\"", "\"\\uFEFF\"", "\"/* no comment */ // x\"",
        "\"a\\u0022b\"", "\"[,{]:}\"", "\"\u0080\"", "\"\\u2028\"",
        "\"a\"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"\\b\\f\\n\\r\\t\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\\ud83d\\ude00\"", "\"\\uFFFF\"", "\"\u2028\"",

        // Arrays and objects (§4, §5): empty, with white space anywhere, empty and strange names, the same name in different objects.
        "[]", "[ ]", "[1]", "[1,2]", " [ 1 , 2 ] ", "[[]]", "[[],[]]", "[null,true,false,0,\"\",[],{}]", "{}", "{ }", "{\"a\":1}", " { \"a\" : 1 } ", "{\"\":0}",
        "{\"a\":{}}", "{\"a\":{\"a\":{\"a\":1}}}", "[{\"a\":1},{\"a\":1}]", "{\"a\":[],\"b\":[]}", "{\"a\":1,\"A\":2}", "{\"\\u0061\":1,\"b\":2}", "{\"a\\nb\":1}", "{\"e\\u0301\":1,\"\\u00e9\":2}",
        "{\"a\":1,\"a \":2,\" a\":3}", "{\"__proto__\":1}", "{\"0\":1,\"00\":2}", "{\"\\u0000\":1,\"\":2}",
        "[[],[[]]]", "[null]", "{\"a\":1,\"b\":2}", "{\"\\u0000\":1}", "{\"a\\\\b\":1,\"a\\/b\":2}", "\t1", "\r\n1\r\n", "[\t1,\n2\r]", "{\"toString\":1,\"__proto__\":2}",
    ];

    /// <summary>Texts that every strict reader must refuse.</summary>
    public static readonly string[] Bad =
    [
        // Literals.
        "", " ", "nul", "nulll", "True", "TRUE", "tru", "truefalse", "undefined", "none", "None", "NULL", "truee", "nan", "Inf", "[NaN1]", "[-NaN]", "[+Infinity]", "[Infinity1]", "{NaN:1}", "+Infinity", "-NaN", "inf",

        // Numbers.
        "+1", "-", "--1", "-+1", "01", "-01", "00", "1.", ".5", "-.5", "1.e1", "1e", "1e+", "1e-", "1E", "e1", "1e1.5", "1ee1", "1.2.3", "0x1F", "0b1", "0o7", "1_000", "1,5.", "1 000",
        "1f", "1L", "12n", "- 1", "1 e1", "1e 1", "１", "-a", "0e", "2.e", "1\u0000", "0x10", "1,000", "٣", "\f1", "\0", "1 --", "\u00a01", "½",

        // Strings.
        "\"", "\"a", "a\"", "'a'", "`a`", "\"\\\"", "\"\\x41\"", "\"\\a\"", "\"\\0\"", "\"\\'\"", "\"\\u\"", "\"\\u1\"", "\"\\u12\"", "\"\\u123\"", "\"\\u12G4\"", "\"\\U0041\"",
        "\"\\u+041\"", "\"\\u 041\"", "\"\\u{41}\"", "\"\\\n\"", "\"a\nb\"", "\"a\tb\"", "\"\u0000\"", "\"\u001f\"", "\"\\é\"", "\"a\"b\"", "“a”", "a", "\"\\x\"", "\"\n\"", "\"\t\"", "\\u0041", "&", "@", "*",

        // Half surrogate pairs: first half alone, before text, before another first half; second half alone, in front of a first.
        "\"\\ud800\"", "\"\\udfff\"", "\"\\uD800a\"", "\"\\ud800\\n\"", "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ud83d\\ude00\"", "\"\\ud83d\\u0041\"",
        "\"\\ud83d\\\\ude00\"", "{\"\\ud800\":1}", "[\"ok\\ud83d\\ude00\\ude00\"]",
        "\"\\udc00\"", "\"\\ud800\\ud800\\udc00\"", "\"\\ud800x\"", "\"\\ud800\\n\\u0041\"", "\"\\ud800\\\\udc00\"", "\"\\uD800\\u0041\"", "[\"\\uDFFF\"]",

        // Arrays.
        "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1:2]", "[1}", "[[1]", "[1]]", "[1],", "(1)", "[1;2]", "[...]", "[\"a\"", "[\"a\",\n1\n,", "[true", "[\u000c]", "[\u00a0]", "[\u0000]", "[1,2}",

        // Objects.
        "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{,\"a\":1}", "{\"a\" 1}", "{\"a\",1}", "{\"a\"::1}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}", "{a:1}", "{'a':1}",
        "{1:1}", "{null:1}", "{\"a\"}", "{\"a\":}", "{:1}", "{\"a\":1]", "{\"a\":1}}", "{\"a\":1;}", "{\"a\":1;\"b\":2}", "{[]:1}", "{\"a\":1 /* c */}", "{\"a\":1} // c", "{\"a\"=1}", "{\"a\":1,\"b\"}", "{\"a\":\"b\":\"c\"}",

        // Names that stand twice, plainly, with escapes, deep inside.
        "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "{\"\\u0061\":1,\"\\u0061\":2}", "{\"\":1,\"\":2}", "[[{\"a\":{\"b\":1,\"c\":2,\"b\":3}}]]", "{\"\\/\":1,\"/\":2}", "{\"é\":1,\"\\u00e9\":2}",

        // Something after the end, comments, other formats.
        "1 2", "{}{}", "[][]", "{}1", "[]x", "[] #", "null null", "/**/1", "1/**/", "// x\n1", "#1", "1 // c", "/* c */ 1", "# c\n1", "[1, // c\n2]", "{\"a\": /* c */ 1}", "<a/>", "{}\u0000", "a=1&b=2", "---\na: 1", "\u001e{}", "{}\u0085", "callback({})", ")]}'\n{}",
    ];

    /// <summary>What Python writes for numbers that JSON has none for: refused like everything else, except in stage results, where they are read as null with a warning.</summary>
    public static readonly string[] PythonNumbers = ["NaN", "Infinity", "-Infinity"];

    /// <summary>Bytes that are no UTF-8 text of JSON at all.</summary>
    public static readonly byte[][] BadBytes =
    [
        [.. Encoding.UTF8.Preamble, .. "{}"u8],
        [.. Encoding.Unicode.GetBytes("{\"a\":1}")],
        [.. Encoding.BigEndianUnicode.GetBytes("{\"a\":1}")],
        [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{}")],
        [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("{}")],
        [.. Encoding.UTF32.GetBytes("{}")],
        [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8],
        [.. "{\"a\":\""u8, 0x80, .. "\"}"u8],
        [.. "{\"a\":\""u8, 0xC0, 0xAF, .. "\"}"u8],
        [.. "{\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8],
        [.. "{\"a\":\""u8, 0xF4, 0x90, 0x80, 0x80, .. "\"}"u8],
        [.. "{\"a\":\""u8, 0xF8, 0x88, 0x80, 0x80, 0x80, .. "\"}"u8],
        [.. "{\"a\":\""u8, 0xE2, 0x82, .. "\"}"u8],
        [.. "{\"a\":\""u8, 0xC3],
        [.. "{\""u8, 0xE9, .. "\":1}"u8],
        [0xE9],
        [0x1F, 0x8B, 0x08, 0x00],
    ];
}
