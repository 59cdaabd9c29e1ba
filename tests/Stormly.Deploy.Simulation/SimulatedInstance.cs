using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Simulation;

/// <summary>One instance in the simulated world: how it will behave, and what is true of it.</summary>
internal sealed class SimulatedInstance(InstanceId id, RevisionId revision)
{
    public static readonly TimeSpan Never = TimeSpan.FromDays(1000);

    public InstanceId Id { get; } = id;

    public RevisionId Revision { get; set; } = revision;

    public string? Refusal { get; set; }

    public TimeSpan LaunchTakes { get; set; }

    public TimeSpan Boot { get; set; }

    public int BootStatus { get; set; }

    public TimeSpan ExitsAfter { get; set; } = Never;

    public ExitCause ExitCause { get; set; }

    public int ExitCode { get; set; } = 1;

    public ListenerVerdict Listener { get; set; }

    public TimeSpan HangsAfter { get; set; } = Never;

    public TimeSpan BadAfter { get; set; } = Never;

    public TimeSpan HalfAliveAfter { get; set; } = Never;

    public bool Flaps { get; set; }

    public TimeSpan StopTakes { get; set; }

    public bool StopFails { get; set; }

    public int Port { get; set; }

    public TimeSpan UpSince { get; set; } = Never;

    /// <summary>When the control plane learns that it was started.</summary>
    public TimeSpan ToldAt { get; set; }

    /// <summary>Its process runs.</summary>
    public bool Alive { get; set; }

    /// <summary>The start is under way or the process runs, and no failed stop gave it up.</summary>
    public bool Live { get; set; } = true;

    public bool StartCancelled { get; set; }

    public bool StopAsked { get; set; }

    /// <summary>The one end that belongs to its start was told.</summary>
    public bool EndTold { get; set; }

    public bool Draining { get; set; }

    /// <summary>It is to live on without the host application.</summary>
    public bool Leaves { get; set; }

    /// <summary>It was ready in an earlier run, and that was noted.</summary>
    public bool ServedBefore { get; set; }

    /// <summary>A run took it over.</summary>
    public bool TakenOver { get; set; }

    /// <summary>The last run that did.</summary>
    public int Life { get; set; }

    public RouteTarget? Target { get; set; }

    public List<RouteTarget> Targets { get; } = [];

    public int Asked { get; set; }

    /// <summary>The code of its status path at a time; 0 for none.</summary>
    public int StatusAt(TimeSpan now)
    {
        var age = now - UpSince;
        return !Alive || age >= HangsAfter ? 0 : age < Boot ? BootStatus : age >= BadAfter || (Flaps && ++Asked % 3 == 0) ? 500 : 200;
    }
}
