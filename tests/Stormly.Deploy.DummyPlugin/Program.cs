using System.Runtime.InteropServices;

namespace Stormly.Deploy.DummyPlugin;

/// <summary>
/// A plugin that behaves, or misbehaves, as its first word says:
/// <c>serve</c> · <c>crash</c> · <c>exit CODE</c> · <c>hang</c> · <c>listen-no-answer</c> · <c>ignore-term</c> · <c>slow-start</c> · <c>status-500-then-200</c> ·
/// <c>half-alive</c> · <c>flood</c> · <c>spawn</c> · <c>escape</c> · <c>daemonise</c> · <c>environment</c> · <c>open-files</c>. README.md beside this file has the options.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] words)
    {
        var verb = words.Length == 0 ? "serve" : words[0];
        var options = new PluginOptions(words.Skip(1).ToArray());
        using var unheard = options.Has("ignore-term") || verb == "ignore-term"
            ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true)
            : null;
        PluginLog.Write($"started {string.Join(' ', words)}");
        switch (verb)
        {
            case "exit":
                return Leave(options);
            case "hang":
                await Console.Out.WriteLineAsync("hanging");
                await Task.Delay(Timeout.Infinite);
                return 0;
            case "flood":
                Flood.Run(options);
                return options.Has("serve") ? await PluginServer.RunAsync(options) : options.Number("code", 0);
            case "open-files":
                return OpenFiles(options);
            case "environment":
                await Console.Out.WriteLineAsync(PluginEnvironment.ToJson());
                return options.Has("serve") ? await PluginServer.RunAsync(options) : 0;
            case "spawn":
                Children.Spawn();
                return await PluginServer.RunAsync(options);
            case "escape":
                Children.Escape(["hang"]);
                return await PluginServer.RunAsync(options);
            case "daemonise":
                Children.Escape(["serve", .. words.Skip(1)]);
                return 0;
            case "serve" or "crash" or "listen-no-answer" or "ignore-term" or "slow-start" or "status-500-then-200" or "half-alive":
                return await PluginServer.RunAsync(options.WithVerb(verb));
            default:
                await Console.Error.WriteLineAsync($"unknown verb '{verb}'");
                return 64;
        }
    }

    private static int OpenFiles(PluginOptions options)
    {
        var open = new List<FileStream>();
        try
        {
            for (var i = 0; i < int.Parse(options.First ?? "1000", System.Globalization.CultureInfo.InvariantCulture); i++)
            {
                open.Add(File.OpenRead("/dev/null"));
            }

            return 0;
        }
        catch (IOException e)
        {
            open.ForEach(f => f.Dispose());
            Console.Error.WriteLine(e.Message);
            return 24;
        }
    }

    private static int Leave(PluginOptions options)
    {
        if (options.Text("say") is { } words)
        {
            Console.Error.WriteLine(words);
        }

        return options.First is { } code ? int.Parse(code, System.Globalization.CultureInfo.InvariantCulture) : 0;
    }
}
