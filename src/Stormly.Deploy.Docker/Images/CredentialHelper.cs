using System.Diagnostics;
using System.Text.Json;

namespace Stormly.Deploy.Docker.Images;

/// <summary>
/// Asks a credential helper of Docker's, a program that keeps passwords in the system's key ring: <c>docker-credential-NAME get</c> reads the registry from its input
/// and writes a JSON object.
/// </summary>
internal static class CredentialHelper
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks.</summary>
    /// <param name="name">The helper's name.</param>
    /// <param name="server">The registry.</param>
    /// <param name="environment">Reads a variable of the host application's environment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>User and secret; null where it knows none.</returns>
    /// <exception cref="InvalidOperationException">It is not there, or does not answer as it should.</exception>
    public static async Task<(string User, string Secret)?> AskAsync(string name, string server, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(FindProgram(name, environment("PATH")), ["get"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var helper = Process.Start(start)!;
            try
            {
                return await TalkAsync(helper, name, server, both.Token).ConfigureAwait(false);
            }
            catch
            {
                helper.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InvalidOperationException($"docker-credential-{name} cannot be started: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"docker-credential-{name} did not answer within {Patience.TotalSeconds:0} s", error);
        }
    }

    private static string FindProgram(string name, string? path)
    {
        if (name.AsSpan().IndexOfAny('/', '\\') >= 0)
        {
            throw new InvalidOperationException("the name of a credential helper is a word, not a path");
        }

        var file = OperatingSystem.IsWindows() ? $"docker-credential-{name}.exe" : $"docker-credential-{name}";
        return (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"docker-credential-{name} is not to be found in PATH");
    }

    private static async Task<(string User, string Secret)?> TalkAsync(Process helper, string name, string server, CancellationToken cancellationToken)
    {
        try
        {
            await helper.StandardInput.WriteLineAsync(server.AsMemory(), cancellationToken).ConfigureAwait(false);
            helper.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code says why.
        }

        var errors = helper.StandardError.ReadToEndAsync(cancellationToken);
        var text = await helper.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        await errors.ConfigureAwait(false);
        await helper.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (helper.ExitCode != 0)
        {
            // What it says may hold anything; these words are its own for "I know none".
            return text.Contains("credentials not found", StringComparison.Ordinal) ? null : throw new InvalidOperationException($"docker-credential-{name} ended with {helper.ExitCode}");
        }

        try
        {
            using var answer = JsonDocument.Parse(text);
            return Text(answer.RootElement, "Username") is { Length: > 0 } user && Text(answer.RootElement, "Secret") is { Length: > 0 } secret ? (user, secret) : null;
        }
        catch (JsonException error)
        {
            throw new InvalidOperationException($"docker-credential-{name} did not answer with JSON", error);
        }
    }

    private static string? Text(JsonElement answer, string name)
        => answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
