using Stormly.Deploy.Explain;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>An example value of an input.</summary>
/// <param name="Json">The value as it was written, for the form.</param>
/// <param name="Shown">The value on its chip, cut where it is long.</param>
/// <param name="Verification">What came of running it; null where it was not run.</param>
internal sealed record ExampleView(string Json, string Shown, ExampleVerification? Verification);
