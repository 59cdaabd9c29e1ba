using Stormly.Deploy.Examples;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>What examples are run with.</summary>
internal sealed record ExampleSpec
{
    public required ExampleOptions Options { get; init; }

    /// <summary>What the host application's own code says about single plugins.</summary>
    public required IReadOnlyDictionary<string, ExampleCheck> Registered { get; init; }

    public required IInstanceCaller Caller { get; init; }

    public required Router Router { get; init; }

    public required RouteTable Routes { get; init; }

    public required ExampleBook Book { get; init; }

    public required TimeProvider Time { get; init; }

    public required int MaxDepth { get; init; }

    public required int MaxResponseBytes { get; init; }

    /// <summary>Whether any plugin's examples may have to be run before a promotion.</summary>
    public bool BeforePromotion => Options.BeforePromotion != ExampleCheck.Off || Options.Plugins.Values.Concat(Registered.Values).Any(c => c != ExampleCheck.Off);

    public ExampleCheck CheckOf(PluginName plugin)
        => Registered.TryGetValue(plugin.Value, out var said) || Options.Plugins.TryGetValue(plugin.Value, out said) ? said : Options.BeforePromotion;
}
