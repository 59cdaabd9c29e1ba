using System.Collections.Immutable;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Plans;

/// <summary>What a deploy of a source would do and change, found out without doing anything.</summary>
public sealed record DeploymentPlan
{
    /// <summary>The plugin.</summary>
    public required PluginName Plugin { get; init; }

    /// <summary>What the deploy would do.</summary>
    public required PlanAction Action { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The revision that the source holds; null where it cannot be deployed because of what it says.</summary>
    public RevisionId? Revision { get; init; }

    /// <summary>The revision that is wanted now, which the changes below are against; null where nothing is deployed: then all lists of changes are empty.</summary>
    public RevisionId? Against { get; init; }

    /// <summary>What became of <see cref="Revision"/> before, where it is kept; null where it is new.</summary>
    public RevisionSnapshot? Kept { get; init; }

    /// <summary>How many instances the deploy would want.</summary>
    public int Instances { get; init; }

    /// <summary>How many are wanted now; 0 where nothing is deployed.</summary>
    public int InstancesNow { get; init; }

    /// <summary>The keys of the merged <c>http</c> object that differ, with the stages that set them.</summary>
    public ImmutableArray<HttpChange> Http { get; init; } = [];

    /// <summary>
    /// The places where the manifest differs. <c>downloadUrls</c> do not count: they expire and are no part of a revision. Of <c>getUploadUrls</c> and
    /// <c>dataUrls</c> the values are not shown, because they are often signed.
    /// </summary>
    public JsonChanges Manifest { get; init; } = JsonChanges.None;

    /// <summary>The plugin's files that differ.</summary>
    public FileChanges Files { get; init; } = FileChanges.None;

    /// <summary>The variables that differ.</summary>
    public ImmutableArray<EnvironmentChange> Environment { get; init; } = [];

    /// <summary>The backend's answer to whether it can run that many; null where it was not asked, because the source cannot be deployed.</summary>
    public PlacementAnswer? Placement { get; init; }

    /// <summary>Every problem of the source: errors stop the deploy, warnings are worth knowing.</summary>
    public ImmutableArray<SpecProblem> Problems { get; init; } = [];

    /// <summary>The whole plan for people.</summary>
    /// <returns>Several lines: what would be done and why, then every change and every problem.</returns>
    public override string ToString() => PlanText.Of(this);
}
