using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests.Stopping;

/// <summary>The ways in which people write start commands: each leaves another tree of processes behind.</summary>
public static class CommandShapes
{
    /// <summary>Twelve shapes by name.</summary>
    public static TheoryData<string> Names { get; } =
    [
        "simple", "assignment first", "a && b", "a; b", "a | cat", "exec a", "a & wait", "spawns a child", "gunicorn", "gunicorn daemon", "leaves the session", "ignores TERM",
    ];

    /// <summary>The command of a shape. It serves, or is about to.</summary>
    public static string Command(string shape)
    {
        var serve = DummyPlugin.Command("serve --port {port}");
        return shape switch
        {
            "simple" => serve,
            "assignment first" => $"MODEL=churn {serve}",
            "a && b" => $"true && {serve}",
            "a; b" => $"{serve}; true",
            "a | cat" => $"{serve} 2>&1 | cat",
            "exec a" => $"exec env {serve}",
            "a & wait" => $"{serve} & wait",
            "spawns a child" => DummyPlugin.Command("spawn --port {port}"),
            "gunicorn" => Gunicorn(""),
            "gunicorn daemon" => Gunicorn("-D ") + "; sleep 1000",
            "leaves the session" => DummyPlugin.Command("escape --port {port}"),
            "ignores TERM" => DummyPlugin.Command("ignore-term --port {port}"),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
        };
    }

    private static string Gunicorn(string options)
    {
        const string Program = "/usr/bin/gunicorn";
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not installed (Debian: python3-gunicorn, gunicorn).");
        var app = Path.Combine(AppContext.BaseDirectory, "Stopping");
        // One worker: gunicorn answers as soon as its first is up, and a TERM that meets the next one in its first moments is lost on it.
        return $"{Program} {options}-w 1 --chdir '{app}' -b 127.0.0.1:{{port}} wsgi_app:app";
    }
}
