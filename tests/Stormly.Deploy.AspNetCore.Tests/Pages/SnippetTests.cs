using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Stormly.Deploy.AspNetCore.Pages.Snippets;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Every program that a page shows is run as it stands there, with bodies that try to break out of their quotes.</summary>
public sealed class SnippetTests : IAsyncLifetime
{
    private readonly PageScripts _scripts = new();
    private readonly ScriptedServer _server = ScriptedServer.Good();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var language in new[] { "curl", "csharp", "python", "javascript", "php" })
            {
                foreach (var body in new[] { "ordinary", "quotes", "everything" })
                {
                    data.Add(language, body);
                }
            }

            return data;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _scripts.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Fault", "68")]
    [Trait("Fault", "75")]
    public async Task Program_SendsExactlyTheBodyThatItShows(string language, string name)
    {
        var body = RequestText.Write(PropsOf(name));
        var program = Snippet.All($"http://127.0.0.1:{_server.Port}/it's/$HOME;x/churn", body).First(s => s.Key == language);
        await RunAsync(language, program.Code);
        var request = Assert.Single(_server.Requests);
        Assert.StartsWith("POST /it's/$HOME;x/churn HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("content-type: application/json", request, StringComparison.OrdinalIgnoreCase);
        var sent = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]));
        Assert.Equal(body, sent);
        Assert.Equal(PropsOf(name).Select(p => p.Key), JsonElement.Parse(sent).GetProperty("props").EnumerateObject().Select(p => p.Name));
        Assert.False(File.Exists(Path.Combine(_scripts.Folder, "owned")));
    }

    private static IEnumerable<KeyValuePair<string, string>> PropsOf(string name) => name switch
    {
        "ordinary" => [KeyValuePair.Create("user_created", "1690000000"), KeyValuePair.Create("plan", "\"free\""), KeyValuePair.Create("weights", "[4.0, 12345678901234567890]"), KeyValuePair.Create("São", "\"Tomé\"")],
        "quotes" => [KeyValuePair.Create("it's", "\"\\\"\""), KeyValuePair.Create("\\", "\"\\\\\"")],
        _ => NaughtyTexts.All.Select(t => KeyValuePair.Create(t, SafeJson.Quote(t))),
    };

    private Task RunAsync(string language, string code) => language switch
    {
        "curl" => InterpretAsync("sh", _scripts.Write("program.sh", code)),
        "python" => InterpretAsync("python3", _scripts.Write("program.py", code)),
        "javascript" => InterpretAsync("node", _scripts.Write("program.mjs", code)),
        "php" => InterpretAsync("php", _scripts.Write("program.php", code)),
        _ => RunCSharpAsync(code),
    };

    private async Task InterpretAsync(string program, string file)
    {
        var (code, output, error) = await _scripts.RunAsync(program, [file], "", Token);
        Assert.True(code == 0, $"{program} ended with {code}: {error}");
        Assert.Contains("777", output, StringComparison.Ordinal);
    }

    /// <summary>Compiled as a project with implicit usings compiles it, and run within this process.</summary>
    private static async Task RunCSharpAsync(string code)
    {
        const string Implicit = """
            global using System; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;
            static class Console { public static void WriteLine(string text) => AppContext.SetData("printed", text); }
            """;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal));
        var compilation = CSharpCompilation.Create(
            "program", [CSharpSyntaxTree.ParseText(Implicit), CSharpSyntaxTree.ParseText(code)], references.Select(p => MetadataReference.CreateFromFile(p)), new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics) + code);
        assembly.Position = 0;
        var context = new AssemblyLoadContext("program", isCollectible: true);
        var program = context.LoadFromStream(assembly).EntryPoint!.DeclaringType!.GetMethod("<Main>$", BindingFlags.NonPublic | BindingFlags.Static)!;
        await (Task)program.Invoke(null, [Array.Empty<string>()])!;
        Assert.Contains("777", (string)AppContext.GetData("printed")!, StringComparison.Ordinal);
        context.Unload();
    }
}
