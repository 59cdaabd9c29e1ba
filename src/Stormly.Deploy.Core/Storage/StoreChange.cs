using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>One change of what is kept of a deployment.</summary>
public sealed record StoreChange
{
    /// <summary>A JSON text in UTF-8 that takes the place of the one before; empty, the default, where that stays. What stands in it is no business of the store.</summary>
    public ReadOnlyMemory<byte> Document { get; init; }

    /// <summary>Decisions to add, in the order of their sequence, all of them greater than those before. Default none.</summary>
    public ImmutableArray<DecisionRecord> Decisions { get; init; } = [];
}
