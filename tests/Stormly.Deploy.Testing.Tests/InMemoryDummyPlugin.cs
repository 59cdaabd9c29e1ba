using System.Text;
using System.Text.Json;

namespace Stormly.Deploy.Testing.Tests;

/// <summary>The suite's plugin, <c>dummy_plugin.py</c>, as an instance in memory plays it: the same words, the same paths.</summary>
internal static class InMemoryDummyPlugin
{
    /// <summary>Makes an instance behave as the words of its command say.</summary>
    public static void Play(InMemoryInstance instance)
    {
        var words = instance.Spec.StartCommand.Split(' ');
        switch (words[0])
        {
            case "serve":
                Serve(instance, words);
                break;
            case "exit":
                instance.Write(After(words, "--say") ?? "");
                instance.Write(After(words, "--err") ?? "");
                instance.Exit(int.Parse(words[1], null));
                break;
            case "die":
                instance.Kill();
                break;
            case "hang":
                instance.StopListening();
                break;
            default:
                instance.Write($"unknown verb: {words[0]}");
                instance.Exit(64);
                break;
        }
    }

    private static void Serve(InMemoryInstance instance, string[] words)
    {
        if (words.Contains("--deaf"))
        {
            instance.StopTakes = TimeSpan.MaxValue;
        }
        else
        {
            instance.OnStop = i => i.Write("heard-the-polite-word");
        }

        if (words.Contains("--mark"))
        {
            File.AppendAllText(instance.Spec.LogFile, $"started {instance.Id}\n");
        }

        if (After(words, "--flood") is { } megabytes)
        {
            Flood(instance, int.Parse(megabytes, null), After(words, "--shape"));
        }

        instance.ListensAfter = TimeSpan.FromMilliseconds(int.Parse(After(words, "--delay") ?? "0", null));
        instance.Answer = request => Answer(instance, new Uri("http://memory" + request.Path));
    }

    private static void Flood(InMemoryInstance instance, int megabytes, string? shape)
    {
        var piece = shape switch
        {
            "nonl" => Encoding.ASCII.GetBytes(new string('x', 64)),
            "binary" => [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
            "ansi" => [.. "\e[31mred\e[0m "u8, 0xFF, 0xFE, (byte)'\n'],
            _ => "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"u8.ToArray(),
        };
        for (var written = 0L; written < megabytes * 1024L * 1024; written += piece.Length)
        {
            instance.Write(piece);
        }

        instance.Write("\nend-of-flood");
    }

    private static InMemoryAnswer Answer(InMemoryInstance instance, Uri url)
    {
        var query = url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]), StringComparer.Ordinal);
        switch (url.AbsolutePath)
        {
            case "/who":
                return Json(new { folder = instance.Spec.WorkFolder, files = Directory.GetFileSystemEntries(instance.Spec.WorkFolder).Select(Path.GetFileName) });
            case "/environment":
                return Json(instance.Environment);
            case "/manifest":
                return Json(new { text = instance.Manifest });
            case "/log" when query["mode"] == "a":
                File.AppendAllText(instance.Spec.LogFile, query["text"] + "\n");
                break;
            case "/log":
                File.WriteAllText(instance.Spec.LogFile, query["text"] + "\n");
                break;
            case "/print":
                instance.Write(query["text"]);
                break;
            case "/exit":
                instance.Exit(int.Parse(query["code"], null));
                break;
            case "/freeze":
                instance.Freeze();
                break;
            default:
                return InMemoryAnswer.Code(404);
        }

        return InMemoryAnswer.Ok;
    }

    private static InMemoryAnswer Json(object value) => InMemoryAnswer.Json(JsonSerializer.Serialize(value));

    private static string? After(string[] words, string name) => Array.IndexOf(words, name) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;
}
