using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Stormly.Deploy;

/// <summary>
/// The names that settings have, section by section, read from classes of options. The framework leaves out what it does not know, so that a slip in a name would go
/// unnoticed; <c>WarnOfUnknownSettings</c> warns of it at the start.
/// </summary>
public sealed class SettingNames
{
    /// <summary>Stands in a path for any name: of an entry of a dictionary or a list.</summary>
    private const string Any = "*";

    private readonly ImmutableDictionary<string, ImmutableArray<string>> _sections;

    private SettingNames(ImmutableDictionary<string, ImmutableArray<string>> sections) => _sections = sections;

    /// <summary>The paths of all sections whose names are known; the empty one stands for the whole.</summary>
    internal IEnumerable<string> Sections => _sections.Keys;

    /// <summary>Begins with the class of a whole section.</summary>
    /// <typeparam name="TOptions">The class; its public properties are the names.</typeparam>
    /// <returns>Its names. What lies deeper is not looked into before <see cref="With{TOptions}"/> says what it is.</returns>
    public static SettingNames Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>()
        => new SettingNames(ImmutableDictionary.Create<string, ImmutableArray<string>>(StringComparer.OrdinalIgnoreCase)).With<TOptions>("");

    /// <summary>Adds the class of a section within.</summary>
    /// <typeparam name="TOptions">The class; its public properties are the names.</typeparam>
    /// <param name="path">Where it stands: names with colons between them, <c>*</c> for any name: <c>Ports</c>, <c>Plugins:*</c>.</param>
    /// <returns>All names; these here stay as they are.</returns>
    public SettingNames With<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new(_sections.SetItem(path, [.. typeof(TOptions).GetProperties().Select(static p => p.Name)]));
    }

    /// <summary>The names within one section.</summary>
    /// <param name="path">Its path, of these names.</param>
    /// <param name="names">The names.</param>
    /// <returns>False where nobody knows them: anything may stand there.</returns>
    internal bool TryGet(string path, out ImmutableArray<string> names) => _sections.TryGetValue(path, out names);

    /// <summary>Goes one step deeper.</summary>
    /// <param name="path">The path of a section, of these names.</param>
    /// <param name="name">The name of what stands in it.</param>
    /// <returns>Its path, of these names.</returns>
    internal string Below(string path, string name) => _sections.ContainsKey(Join(path, Any)) ? Join(path, Any) : Join(path, name);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";
}
