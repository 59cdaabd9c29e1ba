namespace Stormly.Deploy.Features;

/// <summary>The kinds of devices.</summary>
internal static class DeviceKinds
{
    public const string Desktop = "desktop";
    public const string Mobile = "mobile";
    public const string Tablet = "tablet";
    public const string Tv = "tv";
    public const string Console = "console";
    public const string Wearable = "wearable";
    public const string Bot = "bot";

    private static readonly FactValue[] Values =
    [
        FactValue.Of(Desktop, "computer", "pc", "desktop computer"), FactValue.Of(Mobile, "phone", "smartphone", "mobile phone", "handset"), FactValue.Of(Tablet, "tablet", "tablet", "tablet computer"),
        FactValue.Of(Tv, "television", "smarttv", "smart tv", "smart-tv"), FactValue.Of(Console, "game console"), FactValue.Of(Wearable, "watch", "smartwatch"), FactValue.Of(Bot, "crawler", "spider", "robot"),
    ];

    /// <summary>Every kind with its spellings.</summary>
    public static IReadOnlyList<FactValue> All => Values;

    /// <summary>The value of a kind.</summary>
    public static FactValue? Find(string? kind) => kind is null ? null : Array.Find(Values, v => v.Text == kind);
}
