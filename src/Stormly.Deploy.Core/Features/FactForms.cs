namespace Stormly.Deploy.Features;

/// <summary>In which forms a fact can be had.</summary>
[Flags]
internal enum FactForms
{
    /// <summary>In none.</summary>
    None = 0,

    /// <summary>As a text.</summary>
    Text = 1,

    /// <summary>As a number.</summary>
    Number = 2,

    /// <summary>As true or false.</summary>
    Flag = 4,
}
