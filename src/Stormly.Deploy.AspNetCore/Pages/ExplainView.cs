using Stormly.Deploy.AspNetCore.Pages.Snippets;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>All that an explain page shows, read once and ready to be written.</summary>
internal sealed record ExplainView
{
    /// <summary>The plugin's name.</summary>
    public required string Plugin { get; init; }

    /// <summary>The short name of the revision that is described; null where nothing is.</summary>
    public string? Revision { get; init; }

    /// <summary>Where the page, its plugin and its assets are.</summary>
    public required PageAddress Address { get; init; }

    /// <summary>How the endpoint fares.</summary>
    public required HealthView Health { get; init; }

    /// <summary>What calling the plugin gives, in one sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>The tabs; empty where there is only one.</summary>
    public IReadOnlyList<TabLink> Tabs { get; init; } = [];

    /// <summary>What comes back, in words and names.</summary>
    public OutputShape? Shape { get; init; }

    /// <summary>Example answers.</summary>
    public IReadOnlyList<OutputView> Outputs { get; init; } = [];

    /// <summary>How many more there are.</summary>
    public int MoreOutputs { get; init; }

    /// <summary>The inputs, by who supplies them.</summary>
    public IReadOnlyList<SectionView> Sections { get; init; } = [];

    /// <summary>The first request in every language.</summary>
    public IReadOnlyList<Snippet> Snippets { get; init; } = [];

    /// <summary>Whether the plugin explains itself; where it does not, its author is told how.</summary>
    public bool IsExplained { get; init; }

    /// <summary>How many inputs there are.</summary>
    public int InputCount => Sections.Sum(s => s.Inputs.Count);
}
