namespace Stormly.Deploy.Features;

/// <summary>
/// Finds facts in what an end user's request carries. Register an implementation as a singleton: <c>services.AddSingleton&lt;IFeatureDetector, Mine&gt;()</c>. Detectors are
/// asked from the last registered to the first, and the first that knows a fact is believed, so that yours come before the library's. All members may be called
/// at the same time from any thread.
/// </summary>
public interface IFeatureDetector
{
    /// <summary>The facts that it may find; never changes. It is asked only where one of them is wanted.</summary>
    IReadOnlyCollection<string> Facts { get; }

    /// <summary>
    /// Finds what it can, at once: it must not wait for anything. An exception is logged once for its cause and counts as nothing found.
    /// </summary>
    /// <param name="finding">The request, what is wanted, and what was found so far.</param>
    void Detect(FactFinding finding);
}
