namespace Stormly.Deploy.Features;

/// <summary>What becomes of a request when a feature provider is late or fails.</summary>
public enum LateProviderAction
{
    /// <summary>The request goes on without what the provider would have supplied.</summary>
    GoOn,

    /// <summary>The request is answered as unavailable (503) with the reason <c>feature-provider</c>; the plugin is not called.</summary>
    Fail,
}
