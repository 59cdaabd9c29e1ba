using Stormly.Deploy.Requests;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>An input as the page shows it.</summary>
internal sealed record InputView
{
    /// <summary>Names it within the page; holds nothing of a stranger.</summary>
    public required string Id { get; init; }

    /// <summary>The property's name in <c>props</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The feature's name for people; null where there is none.</summary>
    public string? Title { get; init; }

    /// <summary>What it means; null where nobody says more than the name and the type do.</summary>
    public string? Explanation { get; init; }

    /// <summary>What its field takes.</summary>
    public required FieldKind Kind { get; init; }

    /// <summary>The type in words.</summary>
    public required string Type { get; init; }

    /// <summary>Whether a caller must supply it.</summary>
    public bool Required { get; init; }

    /// <summary>How much it matters, 0 to 1; null where nobody says.</summary>
    public double? Importance { get; init; }

    /// <summary>The examples, as many as the page shows.</summary>
    public IReadOnlyList<ExampleView> Examples { get; init; } = [];

    /// <summary>How many more there are.</summary>
    public int MoreExamples { get; init; }

    /// <summary>Whether the library or the host application supplies it where the caller does not.</summary>
    public bool IsSupplied { get; init; }

    /// <summary>The value found for this visitor; null where none was.</summary>
    public DetectedFeature? Detected { get; init; }

    /// <summary>The JSON text that the form and the snippets begin with; null where it begins empty.</summary>
    public string? First => Required && !IsSupplied && Examples.Count > 0 ? Examples[0].Json : null;
}
