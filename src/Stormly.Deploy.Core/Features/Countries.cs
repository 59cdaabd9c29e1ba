using System.Collections.Frozen;

namespace Stormly.Deploy.Features;

/// <summary>Countries by ISO 3166: the code of two letters is the usual text, then come the code of three, the name, and other names.</summary>
internal static class Countries
{
    private static readonly FactValue[] Values = [.. EmbeddedRows.Read("countries.txt").Select(r => new FactValue { Text = r[0], Others = [.. r[1..]] })];
    private static readonly FrozenDictionary<string, FactValue> ByCode = Values.ToFrozenDictionary(v => v.Text!, StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FactValue> All => Values;

    /// <summary>The country of a code; null where there is none.</summary>
    public static FactValue? Find(string code) => ByCode.GetValueOrDefault(code);
}
