namespace Stormly.Deploy.Json;

/// <summary>What somebody probably did who wrote a text that breaks the grammar.</summary>
internal enum JsonSlip
{
    /// <summary>Nothing that is seen often.</summary>
    Other,

    /// <summary>The text ends before it is complete.</summary>
    EndsEarly,

    /// <summary><c>NaN</c>, <c>Infinity</c> or <c>-Infinity</c>.</summary>
    NonFinite,

    /// <summary><c>True</c>, <c>FALSE</c>, <c>None</c> and the like.</summary>
    CapitalWord,

    Comment,

    SingleQuote,

    TrailingComma,

    /// <summary>A line break or another control character inside a string, or where none may stand.</summary>
    ControlCharacter,

    NulByte,
}
