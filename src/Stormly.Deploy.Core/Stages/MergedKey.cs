using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>One key during the merge, with everything that stages said about it.</summary>
internal sealed class MergedKey(string name)
{
    private List<(StageResult Stage, RawJson? Value)>? _earlier;
    private StageResult? _stage;

    /// <summary>The key.</summary>
    public string Name => name;

    /// <summary>What the last stage that named the key said; null where that was null.</summary>
    public RawJson? Value { get; private set; }

    /// <summary>The last stage that named the key.</summary>
    public StageResult Stage => _stage!;

    /// <summary>What earlier stages said, oldest first.</summary>
    public IReadOnlyList<(StageResult Stage, RawJson? Value)> Earlier => _earlier ?? (IReadOnlyList<(StageResult, RawJson?)>)[];

    /// <summary>A later stage names the key.</summary>
    public void Set(StageResult stage, RawJson? value)
    {
        if (_stage is not null)
        {
            (_earlier ??= []).Add((_stage, Value));
        }

        (_stage, Value) = (stage, value);
    }

    /// <summary>The stages whose word was replaced, oldest first.</summary>
    public ImmutableArray<string> Overrode() => _earlier is null ? [] : [.. _earlier.Select(e => e.Stage.Stage)];
}
