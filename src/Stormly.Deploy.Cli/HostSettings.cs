using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Stormly.Deploy.Features;

namespace Stormly.Deploy.Cli;

/// <summary>Reads what a host application's settings say of features: <c>PluginDeployment:Features</c> of its <c>appsettings.json</c>.</summary>
internal static class HostSettings
{
    private const string Section = "PluginDeployment:Features";

    /// <summary>Reads them.</summary>
    /// <param name="file">The file; null where none was named: then the defaults hold.</param>
    /// <returns>The settings, or what is wrong with the file.</returns>
    public static (FeatureOptions Options, string? Problem) Read(string? file)
    {
        var options = new FeatureOptions();
        if (file is null)
        {
            return (options, null);
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            new ConfigurationBuilder().AddInMemoryCollection(Flatten(document.RootElement, "")).Build().GetSection(Section).Bind(options);
            return (options, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or JsonException or InvalidOperationException or FormatException)
        {
            return (options, $"The settings in '{file}' cannot be used: {e.Message}");
        }
    }

    /// <summary>The values by their paths, as the framework reads such a file.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Flatten(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(m => Flatten(m.Value, Below(path, m.Name))),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((v, i) => Flatten(v, Below(path, $"{i}"))),
        JsonValueKind.Null => [],
        _ => [KeyValuePair.Create(path, (string?)value.ToString())],
    };

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";
}
