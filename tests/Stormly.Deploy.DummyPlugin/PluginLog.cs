using System.Globalization;

namespace Stormly.Deploy.DummyPlugin;

/// <summary>
/// Writes to <c>LOG_FILE</c>, opened for appending for each line as a shell would; does nothing where the variable is not set, and goes on where
/// there is no room or no folder.
/// </summary>
internal static class PluginLog
{
    private static readonly string? LogFile = Environment.GetEnvironmentVariable("LOG_FILE");
    private static readonly Lock Gate = new();

    public static void Write(string line)
    {
        if (string.IsNullOrEmpty(LogFile))
        {
            return;
        }

        lock (Gate)
        {
            try
            {
                File.AppendAllText(LogFile, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {line}\n"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(e.Message);
            }
        }
    }
}
