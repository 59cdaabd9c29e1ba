namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>What a form field takes. The words in lower case are part of the agreement with the page's script.</summary>
internal enum FieldKind
{
    /// <summary>Any JSON; what is no JSON is sent as text.</summary>
    Any,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A number; its digits are sent as they are written.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>True or false.</summary>
    Flag,
}
