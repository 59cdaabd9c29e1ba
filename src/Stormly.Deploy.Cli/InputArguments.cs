using System.CommandLine;

namespace Stormly.Deploy.Cli;

/// <summary>What commands that read a plugin are given: the stages' results and the manifest.</summary>
internal sealed class InputArguments
{
    /// <summary>Makes the arguments of one command.</summary>
    public InputArguments()
        => Files.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value.StartsWith('-') && !Path.Exists(t.Value)))
            {
                result.AddError($"'{token.Value}' is no option of this command, and no file.");
            }
        });

    /// <summary>The result files in the order in which the stages ran, or a plugin's folder.</summary>
    public Argument<string[]> Files { get; } = new("FILE")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Result files in the order in which the stages ran (results-<stage>.json), or a plugin's folder.",
    };

    /// <summary>The last stage's manifest.</summary>
    public Option<string> Manifest { get; } = new("--manifest", "-m")
    {
        Description = "The last stage's manifest; a folder brings its own.",
        HelpName = "FILE",
    };

    /// <summary>Reads what the command line names.</summary>
    public PluginInput Read(ParseResult parsed) => PluginInput.Read(parsed.GetRequiredValue(Files), parsed.GetValue(Manifest));
}
