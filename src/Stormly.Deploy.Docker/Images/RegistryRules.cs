using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker.Images;

/// <summary>Checks <see cref="DockerRegistryOptions"/>. No problem repeats a secret.</summary>
internal static class RegistryRules
{
    /// <summary>Finds every problem.</summary>
    /// <param name="registries">The registries.</param>
    /// <returns>The problems in words.</returns>
    public static IEnumerable<string> FindProblems(IList<DockerRegistryOptions> registries)
    {
        for (var i = 0; i < registries.Count; i++)
        {
            var (path, registry) = ($"Docker:Registries:{i}", registries[i]);
            if (!IsAddress(registry.Address))
            {
                yield return $"`{path}:Address` must be a registry as images name it, host or host:port without scheme and path, was: '{PrintableText.Escape(registry.Address)}'";
            }
            else if (registries.Take(i).Any(r => string.Equals(r.Address, registry.Address, StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"`{path}:Address` must stand only once, was again: '{PrintableText.Escape(registry.Address)}'";
            }

            var (name, password, token) = (!string.IsNullOrEmpty(registry.Username), !string.IsNullOrEmpty(registry.Password), !string.IsNullOrEmpty(registry.IdentityToken));
            if (token ? name || password : !name || !password)
            {
                string[] given = [.. name ? ["Username"] : Array.Empty<string>(), .. password ? ["Password"] : Array.Empty<string>(), .. token ? ["IdentityToken"] : Array.Empty<string>()];
                yield return $"`{path}` must hold Username and Password, or IdentityToken alone, was: {(given.Length == 0 ? "neither" : string.Join(" and ", given))}";
            }
        }
    }

    private static bool IsAddress(string text)
        => text.Length > 0 && !text.Contains('/', StringComparison.Ordinal) && Uri.TryCreate("http://" + text, UriKind.Absolute, out var uri)
            && uri.UserInfo.Length == 0 && uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.Fragment.Length == 0;
}
