using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Requests;

/// <summary>One input that a plugin explains, or a feature of its model, made ready for the request path.</summary>
internal sealed class KnownInput
{
    /// <summary>Its place among all inputs: the bit that stands for it.</summary>
    public required int Index { get; init; }

    public required string Name { get; init; }

    public required byte[] NameUtf8 { get; init; }

    /// <summary>What its values must be; <see cref="NativeType.Unknown"/> for what is not a feature.</summary>
    public required NativeType Type { get; init; }

    public string? Explanation { get; init; }

    /// <summary><c>,"name":</c>, what every member of its begins with.</summary>
    public required byte[] MemberStart { get; init; }

    /// <summary><c>,"name":value</c> for a request in which nobody supplied it; null where no value of it is known, or where it is not a feature.</summary>
    public byte[]? RequestMember { get; init; }

    /// <summary><c>,"name":value</c> for a status check; null where it is left out.</summary>
    public byte[]? StatusMember { get; init; }
}
