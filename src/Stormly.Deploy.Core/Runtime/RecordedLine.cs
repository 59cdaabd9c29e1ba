using System.Collections.Immutable;
using System.Reflection;
using Stormly.Deploy.Health;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <summary>One line of a recording: the first says what was recorded, the last why it ends, and each between them is one step.</summary>
internal sealed record RecordedLine
{
    public RecordedBegin? Begin { get; init; }

    public RecordedStep? Step { get; init; }

    public string? End { get; init; }
}

/// <summary>What a recording begins with: everything that decisions depend on beside what is learned later.</summary>
internal sealed record RecordedBegin
{
    public const int Newest = 1;

    /// <summary>The version of the form; a reader refuses what is newer than itself.</summary>
    public required int StormlyRecording { get; init; }

    /// <summary>The version of the library that decided.</summary>
    public required string Library { get; init; }

    public required string Plugin { get; init; }

    public required DateTimeOffset Begun { get; init; }

    public required ImmutableArray<RevisionSnapshot> Revisions { get; init; }

    /// <summary>Whether the machine is shared out.</summary>
    public required bool Shared { get; init; }

    public required RecordedSettings Settings { get; init; }

    public static RecordedBegin Of(DeploymentState state, MachineSettings settings, DateTimeOffset now) => new()
    {
        StormlyRecording = Newest,
        Library = typeof(RecordedBegin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        Plugin = state.Plugin.Value,
        Begun = now,
        Revisions = state.Revisions,
        Shared = state.Share is not null,
        Settings = RecordedSettings.Of(settings),
    };
}

/// <summary>The rules' numbers.</summary>
internal sealed record RecordedSettings
{
    public required StartOptions Start { get; init; }

    public required StatusCheckOptions StatusCheck { get; init; }

    public required BackOffOptions BackOff { get; init; }

    public required RolloutOptions Rollout { get; init; }

    public required OutlierOptions Outlier { get; init; }

    public required ScalingOptions Scaling { get; init; }

    public required int MaxRequestsPerInstance { get; init; }

    public required bool KeepAtStop { get; init; }

    public required bool VerifyExamples { get; init; }

    public required TimeSpan TroubleSpacing { get; init; }

    public static RecordedSettings Of(MachineSettings settings) => new()
    {
        Start = settings.Start,
        StatusCheck = settings.StatusCheck,
        BackOff = settings.BackOff,
        Rollout = settings.Rollout,
        Outlier = settings.Outlier,
        Scaling = settings.Scaling,
        MaxRequestsPerInstance = settings.MaxRequestsPerInstance,
        KeepAtStop = settings.KeepAtStop,
        VerifyExamples = settings.VerifyExamples,
        TroubleSpacing = settings.TroubleSpacing,
    };

    public MachineSettings With(Func<PluginName, InstanceId> newId) => new()
    {
        Start = Start,
        StatusCheck = StatusCheck,
        BackOff = BackOff,
        Rollout = Rollout,
        Outlier = Outlier,
        Scaling = Scaling,
        MaxRequestsPerInstance = MaxRequestsPerInstance,
        KeepAtStop = KeepAtStop,
        VerifyExamples = VerifyExamples,
        TroubleSpacing = TroubleSpacing,
        NewId = newId,
    };
}
