namespace Stormly.Deploy.Manifests;

/// <summary>The JSON type of a feature's value, as <c>nativeType</c> names it.</summary>
public enum NativeType
{
    /// <summary>Not said, or a word that is not known: any value is let through.</summary>
    Unknown,

    /// <summary><c>boolean</c>: true or false.</summary>
    Boolean,

    /// <summary><c>integer</c>: a number without a fraction.</summary>
    Integer,

    /// <summary><c>float</c>: a number.</summary>
    Float,

    /// <summary><c>string</c>: text.</summary>
    String,
}
