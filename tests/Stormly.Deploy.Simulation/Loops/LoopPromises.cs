using System.Globalization;

namespace Stormly.Deploy.Simulation;

/// <summary>
/// Which versions may serve, from what calls were answered. A call that is under way, or that died with its host application, may have come to its effect or not; one
/// that was answered has, and nothing but a later call changes that.
/// </summary>
internal sealed class LoopPromises
{
    /// <summary>Nothing is deployed.</summary>
    public const int Nothing = 0;

    private readonly HashSet<int> _may = [Nothing];
    private readonly HashSet<int> _ever = [Nothing];
    private readonly Dictionary<int, HashSet<int>> _before = [];
    private int _underWay;
    private int _begun;

    /// <summary>A call begins that may bring a version in.</summary>
    /// <param name="version">The version; <see cref="Nothing"/> for a removal.</param>
    /// <returns>Which call it is.</returns>
    public int Begin(int version)
    {
        lock (_may)
        {
            _ever.Add(version);
            return Begin([version]);
        }
    }

    /// <summary>A call begins that may bring in any version that there ever was: going back, or taking the place of one that was tried out.</summary>
    public int BeginAny()
    {
        lock (_may)
        {
            return Begin(_ever);
        }
    }

    /// <summary>A call was answered: what it brought serves, or what it was to bring does not, unless another call was under way meanwhile.</summary>
    /// <param name="call">Which call.</param>
    /// <param name="version">What serves now; null where the call was refused.</param>
    /// <param name="stored">Whether it could be stored: else it serves at most until the next death.</param>
    public void Answered(int call, int? version, bool stored)
    {
        lock (_may)
        {
            _underWay -= _before.Remove(call, out var before) ? 1 : 0;
            if (stored && before is not null && _underWay == 0 && call == _begun)
            {
                _may.Clear();
                _may.UnionWith(version is { } now ? [now] : before);
            }
        }
    }

    /// <summary>The host application died: nobody hears the answers of what was under way.</summary>
    public void Died()
    {
        lock (_may)
        {
            _underWay = 0;
            _before.Clear();
        }
    }

    private int Begin(IEnumerable<int> versions)
    {
        _underWay++;
        _before[++_begun] = [.. _may];
        _may.UnionWith(versions);
        return _begun;
    }

    /// <summary>Checks what serves.</summary>
    /// <param name="version">The version that serves; <see cref="Nothing"/> where none does.</param>
    /// <param name="where">What happened, for the error.</param>
    public void Check(int version, Func<string> where)
    {
        lock (_may)
        {
            if (!_may.Contains(version))
            {
                var may = string.Join(", ", _may.Order().Select(v => v.ToString(CultureInfo.InvariantCulture)));
                throw new SimulationFailure($"version {version} serves, but from what calls were told only these may: {may} (0: nothing). {where()}");
            }
        }
    }
}
