using System.Text.Json.Serialization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>Why an instance failed, with everything that its error should tell.</summary>
internal sealed record StartFailure
{
    public required InstanceId Instance { get; init; }

    /// <summary>What was seen and what would help.</summary>
    public required string Reason { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>The last lines of its output.</summary>
    public string OutputTail { get; init; } = "";

    /// <summary>Whether no further start cures it.</summary>
    public bool Incurable { get; init; }

    /// <summary>Whether a stranger held the port: another start on another port is no failure.</summary>
    public bool PortTaken { get; init; }

    /// <summary>The error that the start threw, where it threw one.</summary>
    [JsonIgnore]
    public Exception? Cause { get; init; }
}
