namespace Stormly.Deploy.Json;

/// <summary>Why a text is not JSON that can be passed on.</summary>
internal enum JsonFaultKind
{
    None,

    /// <summary>Nothing but white space.</summary>
    Empty,

    ByteOrderMark,

    Utf16,

    InvalidUtf8,

    /// <summary>Breaks the grammar of RFC 8259.</summary>
    Syntax,

    TooDeep,

    /// <summary>An escape names half of a surrogate pair: no text can hold it.</summary>
    LoneSurrogate,

    DuplicateKey,

    /// <summary>A scalar where an object or an array must be.</summary>
    Scalar,
}
