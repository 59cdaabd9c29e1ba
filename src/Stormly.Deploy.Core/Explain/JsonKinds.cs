namespace Stormly.Deploy.Explain;

/// <summary>The types that JSON values can have, as JSON Schema tells them apart. What is <see cref="Number"/> may be whole as well.</summary>
[Flags]
internal enum JsonKinds
{
    None = 0,
    Object = 1,
    Array = 2,
    String = 4,
    Number = 8,
    Integer = 16,
    Boolean = 32,
    Null = 64,
}
