using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <summary>How many instances a deployment has, and how many requests each of them gets: from whoever says it last.</summary>
/// <param name="Wanted">How many now.</param>
/// <param name="Range">Between what the number follows the load; null where it is fixed.</param>
/// <param name="MaxRequestsPerInstance">How many requests one instance gets at once; null for the number of all plugins.</param>
/// <param name="MemoryBytes">The memory that one instance uses, as declared; 0 where nobody says.</param>
internal sealed record FleetSize(int Wanted, ScaleRange? Range, int? MaxRequestsPerInstance, long MemoryBytes)
{
    /// <summary>How many there must be in any case.</summary>
    public int Least => Range?.Min ?? Wanted;

    /// <summary>How many there may ever be.</summary>
    public int Most => Range?.Max ?? Wanted;

    /// <summary>What a deployment has; a new revision starts one instance at least.</summary>
    public static FleetSize Of(FleetGoal? now) => new(Math.Max(1, now?.Wanted ?? 1), now?.Range, now?.MaxRequestsPerInstance, now?.MemoryBytes ?? 0);

    /// <summary>What the code of the host application says.</summary>
    public static FleetSize AskedBy(PluginOptions options)
        => Of(null).Between(options.Range) with { MaxRequestsPerInstance = options.MaxRequestsPerInstance, MemoryBytes = options.MemoryBytes ?? 0 };

    /// <summary>What was stored, unless the code of the host application has said something else since then.</summary>
    public static FleetSize Of(StoredFleet stored, ScaleRange? registered, PluginOptions? options)
    {
        var size = new FleetSize(stored.Instances, stored.Range, options is null ? stored.MaxRequestsPerInstance : options.MaxRequestsPerInstance, (options is null ? stored.MemoryBytes : options.MemoryBytes) ?? 0);
        return options is not null && registered is not null && registered != options.Range ? size.Between(options.Range) : size;
    }

    /// <summary>Finds everything that is wrong with what somebody says about a size.</summary>
    /// <returns>Each with its place in a source, the option's name, the rule with the value, and what to do.</returns>
    public static IEnumerable<(string Place, string Option, string Rule, string Remedy)> Check(int? instances, ScaleRange? range, int? limit, long? memory)
    {
        if (instances is < 1 or > 1000)
        {
            yield return ("instances", nameof(PluginOptions.Instances), Was("be from 1 to 1000", instances.Value), "Choose another number.");
        }

        if (instances is not null && range is not null)
        {
            yield return ("instances", nameof(PluginOptions.Instances), Was($"not be set where a range is set ({range})", instances.Value), "Leave one of both out.");
        }

        if (range?.Problem is { } problem)
        {
            yield return ("scale", nameof(PluginOptions.Scaling), $"must {problem}, was: {range}", "Choose another range.");
        }

        if (limit is < 1 or > 100_000)
        {
            yield return ("maxRequestsPerInstance", nameof(PluginOptions.MaxRequestsPerInstance), Was("be from 1 to 100000", limit.Value), "Choose another number.");
        }

        if (memory is < 1)
        {
            yield return ("memoryBytes", nameof(PluginOptions.MemoryBytes), Was("be at least 1", memory.Value), "Say how much memory one instance uses, or leave it out.");
        }
    }

    /// <summary>The same for the options of a plugin.</summary>
    public static void Check(string name, PluginOptions options, OptionRules rules)
    {
        foreach (var (_, option, rule, _) in Check(options.Instances, options.Scaling, options.MaxRequestsPerInstance, options.MemoryBytes))
        {
            rules.Add($"{name}:{option} {rule}");
        }
    }

    /// <summary>What a source says, else this.</summary>
    public FleetSize With(PluginSource source)
    {
        var size = this with { MaxRequestsPerInstance = source.MaxRequestsPerInstance ?? MaxRequestsPerInstance, MemoryBytes = source.MemoryBytes ?? MemoryBytes };
        return source switch
        {
            { Scale: { } range } => size.Between(range),
            { Instances: { } instances } => size.Between(ScaleRange.Fixed(instances)),
            _ => size,
        };
    }

    /// <summary>The same within another range.</summary>
    public FleetSize Between(ScaleRange range) => this with { Wanted = range.Clamp(Wanted), Range = range.IsFixed ? null : range };

    public FleetGoal ToGoal(RevisionId revision, int ceiling, string ceilingReason)
        => new(revision, Wanted, ceiling, ceilingReason) { Range = Range, MaxRequestsPerInstance = MaxRequestsPerInstance, MemoryBytes = MemoryBytes };

    private static string Was(string rule, long value) => string.Create(CultureInfo.InvariantCulture, $"must {rule}, was: {value}");
}
