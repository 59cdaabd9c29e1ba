using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Stormly.Deploy.Process.Linux;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.Process.Tests;

/// <summary>
/// A user whom a limit of processes binds: the one who runs the tests or, where that is root, a number that is nobody else's. The limit counts all
/// processes and threads of the user.
/// </summary>
internal sealed class OrdinaryUser
{
    private readonly int? _number;

    private OrdinaryUser(int? number) => _number = number;

    /// <summary>Takes one, or skips the test where there is none.</summary>
    public static OrdinaryUser ForTests()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new OrdinaryUser(null);
        }

        var user = new OrdinaryUser(Random.Shared.Next(1_000_000, 2_000_000));
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var check = new ProcessStartInfo("setpriv", [.. user.Switch(), "test", "-x", dotnet, "-a", "-r", typeof(OrdinaryUser).Assembly.Location]);
        using var trial = OsProcess.Start(check)!;
        trial.WaitForExit();
        Assert.SkipUnless(trial.ExitCode == 0, $"An ordinary user may not enter {AppContext.BaseDirectory} or run {dotnet} here, and the limit of processes does not bind root.");
        return user;
    }

    /// <summary>Lets the user write into a folder.</summary>
    public void MayEnter(string folder)
    {
        if (_number is not null && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }
    }

    /// <summary>A shell command that runs a program as the user, who may have so many processes and threads more than now.</summary>
    /// <param name="processes">How many.</param>
    /// <param name="words">The program; none for "$@".</param>
    public string Limited(int processes, params string[] words)
    {
        var limit = processes + (_number is null ? Threads() : 0);
        string[] before = _number is null ? ["prlimit", $"--nproc={limit}"] : ["prlimit", $"--nproc={limit}", "setpriv", .. Switch()];
        var program = words.Length == 0 ? "\"$@\"" : string.Join(' ', words.Select(word => $"'{word}'"));
        return $"exec {string.Join(' ', before)} {program}";
    }

    private string[] Switch() => [$"--reuid={_number}", $"--regid={_number}", "--clear-groups", "--"];

    private static int Threads()
        => ProcTable.AllPids().Sum(pid =>
        {
            try
            {
                return Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task")).Length;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return 0;
            }
        });
}
