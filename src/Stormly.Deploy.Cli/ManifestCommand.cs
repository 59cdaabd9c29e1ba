using System.Buffers;
using System.CommandLine;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Cli;

/// <summary><c>stormly manifest</c>: the server manifest of a plugin.</summary>
internal static class ManifestCommand
{
    public static Command Create(ToolOutput output)
    {
        var input = new InputArguments();
        var target = new Option<string>("--output", "-o") { Description = "Write to this file instead of standard output.", HelpName = "FILE" };
        var command = new Command("manifest", "Writes the manifest that the deployed plugin reads (MANIFEST_FILE).") { input.Files, input.Manifest, target };
        command.SetAction(parsed =>
        {
            var plugin = input.Read(parsed);
            if (!plugin.HasManifest)
            {
                return StormlyTool.UsageError(output, command, ["Option '--manifest' is required where no plugin folder is named."]);
            }

            ProblemText.Write(plugin.Problems, ToolConsole.Create(output.Error, isTerminal: false));
            if (plugin.Errors > 0 || plugin.Http.Spec is not { } spec || plugin.Manifest is not { } manifest)
            {
                output.Error.WriteLine("No manifest was written.");
                return StormlyTool.Failure;
            }

            var text = new ArrayBufferWriter<byte>();
            ServerManifest.Write(manifest, spec.Options, text);
            text.Write("\n"u8);
            return Deliver(text.WrittenSpan, parsed.GetValue(target), output);
        });
        return command;
    }

    private static int Deliver(ReadOnlySpan<byte> text, string? target, ToolOutput output)
    {
        if (target is null)
        {
            output.Stream.Write(text);
            return StormlyTool.Success;
        }

        if (AtomicFile.TryWrite(target, text, out var problem))
        {
            return StormlyTool.Success;
        }

        output.Error.WriteLine($"{Model.PrintableText.Escape(target)} was not written: {Model.PrintableText.Escape(problem)}");
        return StormlyTool.Failure;
    }
}
