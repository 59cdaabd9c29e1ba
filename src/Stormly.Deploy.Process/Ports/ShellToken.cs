namespace Stormly.Deploy.Process.Ports;

/// <summary>One piece of a command line.</summary>
/// <param name="Role">What it is to the shell.</param>
/// <param name="Start">Where it begins in the command line.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Text">The word without its quotes and escapes; what the shell expands stands as written.</param>
/// <param name="Origins">For every character of <paramref name="Text"/> its place in the command line.</param>
internal sealed record ShellToken(ShellRole Role, int Start, int End, string Text, int[] Origins)
{
    /// <summary>Whether it is a word (and not an operator or a comment).</summary>
    public bool IsWord => Role is ShellRole.Argument or ShellRole.Command or ShellRole.Assignment or ShellRole.RedirectionTarget;
}
