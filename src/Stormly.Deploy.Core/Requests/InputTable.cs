using System.Collections.Immutable;
using System.Numerics;
using Stormly.Deploy.Json;

namespace Stormly.Deploy.Requests;

/// <summary>All inputs of a plugin by name, and what each way to call it requires. Immutable.</summary>
internal sealed class InputTable
{
    private readonly int[] _slots;
    private readonly int _mask;

    public InputTable(ImmutableArray<KnownInput> inputs, ImmutableArray<TabNeeds> tabs)
    {
        Inputs = inputs;
        Tabs = tabs;
        Words = WordsFor(inputs.Length);
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4 * inputs.Length, 4))];
        _mask = _slots.Length - 1;
        foreach (var input in inputs)
        {
            var slot = (int)NameHash.Of(input.NameUtf8) & _mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = input.Index + 1;
        }
    }

    public ImmutableArray<KnownInput> Inputs { get; }

    /// <summary>At least one.</summary>
    public ImmutableArray<TabNeeds> Tabs { get; }

    /// <summary>How many words a set of inputs takes.</summary>
    public int Words { get; }

    public static int WordsFor(int inputs) => (inputs + 63) / 64;

    /// <summary>Finds an input.</summary>
    /// <param name="name">Its name without escapes.</param>
    /// <param name="hash">The name's <see cref="NameHash"/>.</param>
    /// <returns>The input, or null.</returns>
    public KnownInput? Find(ReadOnlySpan<byte> name, uint hash)
    {
        for (var slot = (int)hash & _mask; _slots[slot] != 0; slot = (slot + 1) & _mask)
        {
            var input = Inputs[_slots[slot] - 1];
            if (name.SequenceEqual(input.NameUtf8))
            {
                return input;
            }
        }

        return null;
    }

    /// <summary>Finds the way of calling that a request comes closest to.</summary>
    /// <param name="supplied">The bits of the inputs that were supplied.</param>
    /// <returns>The first tab with the fewest missing inputs; null where some tab is satisfied.</returns>
    public TabNeeds? FindUnsatisfied(ReadOnlySpan<ulong> supplied)
    {
        TabNeeds? closest = null;
        var fewest = int.MaxValue;
        foreach (var tab in Tabs)
        {
            var missing = tab.CountMissing(supplied);
            if (missing == 0)
            {
                return null;
            }

            (closest, fewest) = missing < fewest ? (tab, missing) : (closest, fewest);
        }

        return closest;
    }
}
