namespace Stormly.Deploy.Process.Ports;

/// <summary>What is known about moving a command to another port.</summary>
internal enum PortVerdict
{
    /// <summary>The declared port stood once, where it is surely the port to listen on, and was replaced.</summary>
    Rewritten,

    /// <summary>The command says <c>{port}</c>, which was filled in.</summary>
    UsesPlaceholder,

    /// <summary>The command reads the variable PORT; it stays as it is.</summary>
    UsesVariable,

    /// <summary>The declared port does not occur: the program knows it from elsewhere.</summary>
    HardCoded,

    /// <summary>The declared port occurs more than once.</summary>
    Ambiguous,

    /// <summary>The declared port occurs where it may mean something else, or where a shell decides what it means.</summary>
    Unsure,
}
