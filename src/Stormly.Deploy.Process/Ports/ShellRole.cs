namespace Stormly.Deploy.Process.Ports;

/// <summary>What a piece of a command line is to the shell.</summary>
internal enum ShellRole
{
    /// <summary>A word after the command's name.</summary>
    Argument,

    /// <summary>The command's name, or a word like <c>exec</c> or <c>then</c> after which another one comes.</summary>
    Command,

    /// <summary><c>NAME=value</c> before the command's name, or after <c>env</c> and <c>export</c>.</summary>
    Assignment,

    /// <summary>The file of a redirection.</summary>
    RedirectionTarget,

    /// <summary><c>&lt;</c>, <c>&gt;</c> and their like.</summary>
    Redirection,

    /// <summary>What ends a command: <c>;</c>, <c>&amp;</c>, <c>|</c>, parentheses, a line's end.</summary>
    Separator,

    /// <summary>From <c>#</c> to the end of the line.</summary>
    Comment,
}
