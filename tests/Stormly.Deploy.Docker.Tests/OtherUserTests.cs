using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Stormly.Deploy.Docker.Engine;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>A host application whose user may not talk to the engine. The tests run as root as a rule, which may do everything, so it is a process of another user.</summary>
public sealed class OtherUserTests : IDisposable
{
    private const string Nobody = "65534";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stormly-other-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task CheckPlacementAsync_SocketOfSomebodyElse_SaysWhoIsRefusedAndWhichGroupMayComeIn()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other rights.");
            return;
        }

        var path = Path.Combine(_folder.FullName, "docker.sock");
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        engine.Bind(new UnixDomainSocketEndPoint(path));
        engine.Listen();
        File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);

        var (code, words) = await AskAsNobodyAsync($"unix://{path}", TestEngine.Tiny);

        Assert.Equal(1, code);
        Assert.StartsWith($"The Docker engine at unix://{path} refuses this user (", words, StringComparison.Ordinal);
        Assert.Contains("): permission denied. Add the user to the group that owns the socket (mostly 'docker') and sign in again", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckPlacementAsync_TheEngineOfThisMachine_RefusesNobody_AndTakesRoot()
    {
        await TestEngine.NeedsAsync();
        var endpoint = EngineEndpoint.Candidates(null, Environment.GetEnvironmentVariable)[0];
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || endpoint.Scheme != "unix" || (File.GetUnixFileMode(endpoint.LocalPath) & UnixFileMode.OtherWrite) != 0, $"Everybody may talk to the engine at {endpoint}.");

        var (code, words) = await AskAsNobodyAsync(endpoint.OriginalString, TestEngine.Tiny);
        Assert.Equal(1, code);
        Assert.StartsWith($"The Docker engine at {endpoint.OriginalString} refuses this user (", words, StringComparison.Ordinal);

        Assert.Equal((0, "they could"), await AskAsync([], endpoint.OriginalString, TestEngine.Tiny));
    }

    private static async Task<(int Code, string Words)> AskAsNobodyAsync(string endpoint, string image)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Becoming another user takes root's rights.");
        string[] become = ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--"];
        try
        {
            using var trial = OsProcess.Start(new ProcessStartInfo(become[0], [.. become[1..], "test", "-x", Dotnet(), "-a", "-r", Program()]))!;
            await trial.WaitForExitAsync(TestEngine.Token);
            Assert.SkipUnless(trial.ExitCode == 0, $"Another user may not enter {AppContext.BaseDirectory} or run {Dotnet()} here.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Becoming another user takes setpriv (util-linux).");
        }

        return await AskAsync(become, endpoint, image);
    }

    private static async Task<(int Code, string Words)> AskAsync(string[] become, string endpoint, string image)
    {
        string[] words = [.. become, Dotnet(), Program(), "placement", endpoint, image];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["HOME"] = "/nonexistent";
        using var process = OsProcess.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(TestEngine.Token);
        await process.WaitForExitAsync(TestEngine.Token);
        return (process.ExitCode, said.Trim());
    }

    private static string Dotnet() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private static string Program()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(own.Parent!.Parent!.FullName, "Stormly.Deploy.ProcessHostProgram", own.Name, "process-host.dll");
    }
}
