using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Stormly.Deploy.Core.Tests;

/// <summary>Which way arrows run: rooms of Core use only rooms above them, packages only what their purpose needs.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>The rooms from the top down. Rooms of one row never see each other. The last row is wiring: namespaces without a folder of their own included.</summary>
    private static readonly string[][] Rooms =
    [
        ["Model"],
        ["Json"],
        ["Stages"],
        ["Manifests"],
        ["Explain"],
        ["Requests"],
        ["Features"],
        ["Statistics", "Examples"],
        ["Hosts"],
        ["Health", "Scaling", "Rollout", "Following"],
        ["Routing"],
        ["Storage"],
        ["Plans"],
        ["Logs"],
        ["Runtime"],
    ];

    private static readonly string[] Wiring = ["Documents", "Diagnostics", "DependencyInjection", ""];

    private static readonly Dictionary<string, string[]> PackagesOf = new(StringComparer.Ordinal)
    {
        ["Stormly.Deploy.Core"] = ["Microsoft.Extensions."],
        ["Stormly.Deploy.Process"] = ["Stormly.Deploy.Core", "CliWrap"],
        ["Stormly.Deploy.Docker"] = ["Stormly.Deploy.Core", "Docker.DotNet.Enhanced"],
        ["Stormly.Deploy.Geo"] = ["Stormly.Deploy.Core", "MaxMind.Db"],
        ["Stormly.Deploy.AspNetCore"] = ["Stormly.Deploy.Core", "Microsoft.AspNetCore.App"],
        ["Stormly.Deploy.Testing"] = ["Stormly.Deploy.Core", "xunit.", "Microsoft.Extensions.TimeProvider.Testing"],
        ["Stormly.Deploy.Cli"] = ["Stormly.Deploy.", "System.CommandLine", "Spectre.Console"],
    };

    public static TheoryData<string> CoreFiles() => [.. SourceFiles("Stormly.Deploy.Core").Select(f => Path.GetRelativePath(CoreFolder, f))];

    [Theory]
    [MemberData(nameof(CoreFiles))]
    public void Core_File_UsesOnlyRoomsAboveItsOwn(string file)
    {
        var room = RoomOf(file);
        var text = File.ReadAllText(Path.Combine(CoreFolder, file));

        var wrong = Mentioned(text).Where(used => used != room && !MayUse(room, used)).Distinct().ToList();

        Assert.True(wrong.Count == 0, $"{file}: the room {room} must not use {string.Join(", ", wrong)}.");
    }

    [Theory]
    [MemberData(nameof(CoreFiles))]
    public void Core_File_LiesInTheFolderOfItsNamespace(string file)
    {
        var text = File.ReadAllText(Path.Combine(CoreFolder, file));
        var room = RoomOf(file);

        var declared = NamespaceLine().Match(text).Groups[1].Value;

        string[] legal = room switch
        {
            "" => ["Stormly.Deploy"],
            "DependencyInjection" => ["Stormly.Deploy.DependencyInjection", "Microsoft.Extensions.DependencyInjection"],
            _ => [$"Stormly.Deploy.{room}"],
        };
        Assert.True(declared.Length == 0 ? IsWithoutNamespace(text) : legal.Contains(declared), $"{file} declares the namespace {declared}.");
    }

    [Fact]
    public void Core_Folders_AreTheKnownRooms()
    {
        var folders = Directory.EnumerateDirectories(CoreFolder).Select(Path.GetFileName).Where(f => f is not ("bin" or "obj"));

        Assert.Empty(folders.Except(Rooms.SelectMany(r => r)).Except(Wiring));
    }

    [Fact]
    public void Packages_References_FollowTheTable()
    {
        foreach (var project in Projects())
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.True(PackagesOf.TryGetValue(name, out var allowed), $"{name} is no known package.");

            var wrong = References(project).Where(r => !allowed.Any(a => a.EndsWith('.') ? r.StartsWith(a, StringComparison.Ordinal) : r == a)).ToList();

            Assert.True(wrong.Count == 0, $"{name} must not refer to {string.Join(", ", wrong)}.");
        }
    }

    [Fact]
    public void Packages_Internals_AreVisibleToTestsOnly()
    {
        foreach (var project in Projects())
        {
            var friends = XDocument.Load(project).Descendants("InternalsVisibleTo").Select(e => e.Attribute("Include")!.Value);

            Assert.All(friends, f => Assert.True(f.EndsWith(".Tests", StringComparison.Ordinal) || f is "Stormly.Deploy.Benchmarks" or "Stormly.Deploy.TestSupport" or "Stormly.Deploy.Simulation", $"{project}: {f}"));
        }
    }

    [Theory]
    [InlineData("Model", "Stages", false)]
    [InlineData("Stages", "Model", true)]
    [InlineData("Stages", "Json", true)]
    [InlineData("Json", "Stages", false)]
    [InlineData("Health", "Scaling", false)]
    [InlineData("Health", "Hosts", true)]
    [InlineData("Routing", "Runtime", false)]
    [InlineData("Runtime", "Routing", true)]
    [InlineData("Runtime", "", false)]
    [InlineData("Runtime", "Diagnostics", false)]
    [InlineData("Explain", "Documents", false)]
    [InlineData("Documents", "Explain", true)]
    [InlineData("DependencyInjection", "Runtime", true)]
    [InlineData("", "DependencyInjection", true)]
    [InlineData("Model", "Nowhere", false)]
    public void Arrow_BetweenRooms_RunsUpwardsOnly(string from, string to, bool allowed) => Assert.Equal(allowed, MayUse(from, to));

    [Fact]
    public void Mentions_AreFoundHoweverTheyAreWritten()
    {
        const string Text = """
            using Stormly.Deploy.Runtime;
            using static Stormly.Deploy.Hosts.Thing;
            using Alias = Stormly.Deploy.Logs.Log;
            namespace Stormly.Deploy.Model;
            class C { global::Stormly.Deploy.Storage.Disk? a; Routing.Router? b; /* Stormly.Deploy.Explain.X */ string c = "Stormly.Deploy.Health"; }
            // Stormly.Deploy.Scaling.Plan
            """;

        Assert.Equal(["Hosts", "Logs", "Routing", "Runtime", "Storage"], Mentioned(Text).Distinct().Order(StringComparer.Ordinal));
    }

    private static string CoreFolder { get; } = Path.Combine(RepositoryRoot.Path, "src", "Stormly.Deploy.Core");

    [Fact]
    public void LogEvents_Numbers_StandForOneEventEach()
    {
        var twice = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(f), @"LoggerMessage\((\d+)").Select(m => (File: Path.GetFileName(f), Number: m.Groups[1].Value)))
            .GroupBy(e => e.Number).Where(g => g.Count() > 1).Select(g => $"{g.Key} in {string.Join(", ", g.Select(e => e.File))}");
        Assert.Empty(twice);
    }

    private static IEnumerable<string> Projects() => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.csproj", SearchOption.AllDirectories);

    private static IEnumerable<string> SourceFiles(string package)
        => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src", package), "*.cs", SearchOption.AllDirectories);

    private static string RoomOf(string file) => Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder.Split(Path.DirectorySeparatorChar)[0] : "";

    private static bool IsWithoutNamespace(string text) => !TypeLine().IsMatch(text);

    private static bool MayUse(string from, string to)
    {
        if (Wiring.Contains(from))
        {
            return Rooms.Any(r => r.Contains(to)) || Wiring.Contains(to);
        }

        var own = Array.FindIndex(Rooms, r => r.Contains(from));
        var other = Array.FindIndex(Rooms, r => r.Contains(to));
        return other >= 0 && other < own;
    }

    /// <summary>
    /// The rooms that a file names in its code: in usings, in full, or by the room's name before a dot (but for Examples, which properties are called as well). Comments and
    /// strings do not count.
    /// </summary>
    private static IEnumerable<string> Mentioned(string text)
    {
        var code = Quiet().Replace(text, " ");
        foreach (Match match in FullName().Matches(code))
        {
            yield return match.Groups[1].Value;
        }

        foreach (Match match in ShortName().Matches(code))
        {
            yield return match.Groups[1].Value;
        }
    }

    private static IEnumerable<string> References(string project)
        => XDocument.Load(project).Descendants()
            .Where(e => e.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference" && e.Attribute("PrivateAssets")?.Value != "all")
            .Select(e => e.Attribute("Include")!.Value)
            .Select(i => i.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(i.Replace('\\', '/')) : i);

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"{3,}.*?"{3,}|"(?:\\.|[^"\\\n])*"|(?m:^namespace [^\n]*)""", RegexOptions.Singleline)]
    private static partial Regex Quiet();

    [GeneratedRegex(@"Stormly\.Deploy\.([A-Z]\w*)")]
    private static partial Regex FullName();

    [GeneratedRegex(@"(?<![\w.])(Model|Json|Stages|Manifests|Explain|Requests|Features|Statistics|Hosts|Health|Scaling|Rollout|Following|Routing|Storage|Plans|Logs|Runtime|Documents|Diagnostics|DependencyInjection)\.[A-Z]")]
    private static partial Regex ShortName();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(public|internal) .*\b(class|record|struct|enum|interface)\b", RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}
