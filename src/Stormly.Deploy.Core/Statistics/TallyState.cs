namespace Stormly.Deploy.Statistics;

/// <summary>What an earlier run of the host application knew, until the features that it is about are declared.</summary>
/// <param name="Samples">How many requests or rows were counted.</param>
/// <param name="Sketches">What was known of each feature; what was given away is taken out.</param>
internal sealed record TallyState(long Samples, Dictionary<string, SketchState> Sketches)
{
    /// <summary>Lets features go on from where they were. Values that the feature's type does not allow any more are left out.</summary>
    /// <param name="tally">The tally of the features that are declared now.</param>
    public void Give(FeatureTally tally)
    {
        tally.Samples = Math.Max(tally.Samples, Samples);
        foreach (var (key, sketch) in tally.Sketches)
        {
            if (Sketches.Remove(key, out var state) && sketch.Values.Total == 0)
            {
                sketch.Restore(state with { Values = [.. state.Values.Where(v => tally.Counts(sketch, v.Value))] });
            }
        }
    }
}
