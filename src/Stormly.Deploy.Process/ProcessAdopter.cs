using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Launching;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.Process.Ports;
using Stormly.Deploy.Process.Records;

namespace Stormly.Deploy.Process;

/// <summary>
/// Takes over an instance of an earlier run. Its record is only where to look; the proof is the process itself: the id with its start time and boot,
/// held by a descriptor that cannot come to mean another one, and the secret marker in its environment, read after that.
/// </summary>
internal sealed class ProcessAdopter(int outputTailBytes, PidWatch watch, ProcessInstanceOwner owner)
{
    /// <summary>Tries to take an instance over.</summary>
    /// <param name="id">The instance.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="record">Its record, without objection.</param>
    /// <param name="reason">Why it was not taken over.</param>
    /// <returns>The instance; null where it was not.</returns>
    public ProcessInstance? TryAdopt(InstanceId id, string folder, InstanceRecord record, out string reason)
    {
        reason = FindObjection(id, record) ?? "";
        if (reason.Length > 0)
        {
            return null;
        }

        var handle = Prove(record, out reason);
        if (handle is null)
        {
            return null;
        }

        var plugin = PluginName.Parse(record.Plugin!);
        if (PortBroker.TryReclaim(plugin, record.Port, "") is not { } lease)
        {
            handle.Dispose();
            reason = string.Create(CultureInfo.InvariantCulture, $"its port {record.Port} is reserved by somebody else, so it cannot be taken over.");
            return null;
        }

        TakeOver(folder, record);
        var leader = new AdoptedProcess(record.Pid, handle, watch, OutputFile.OfRecord(record.OutputFile, folder, outputTailBytes));
        return new ProcessInstance(new ProcessInstanceFacts(id, plugin, folder, record.DeclaredPort), leader, lease, RecordProof.IdentityOf(record), owner);
    }

    private static string? FindObjection(InstanceId id, InstanceRecord record)
        => !record.OutlivesHost ? "it was started to end with its host application, so it cannot be taken over."
            : record.Instance != id.Value || !PluginName.TryParse(record.Plugin ?? "", out _, out _) || record.Port is < 1 or > 65535
                ? "its record contradicts itself, so it cannot be taken over."
                : record.Pid == 0 ? "its start was not finished, so it cannot be taken over." : null;

    private static PidHandle? Prove(InstanceRecord record, out string reason)
    {
        reason = "it has ended meanwhile.";
        if (ProcTable.Read(record.Pid) is not { IsLive: true } seen || seen.StartTicks != record.StartTicks || PidHandle.Open(seen) is not { } handle)
        {
            return null;
        }

        // The environment is read by number, so the number is proven once more after that.
        var marked = ProcTable.ReadEnvironment(record.Pid, InstanceMarker.Variable) == record.Marker;
        if (marked && ProcTable.Read(record.Pid) is { IsLive: true } now && now.StartTicks == record.StartTicks)
        {
            return handle;
        }

        handle.Dispose();
        reason = string.Create(CultureInfo.InvariantCulture, $"process {record.Pid} does not carry its mark, so it cannot be taken over.");
        return null;
    }

    /// <summary>From now on it is in the hands of this host application. A disk that is full changes nothing: the earlier owner is gone in any case.</summary>
    private static void TakeOver(string folder, InstanceRecord record)
    {
        try
        {
            RecordFile.Write(folder, record with { HostPid = Environment.ProcessId, HostStartTicks = ProcTable.Read(Environment.ProcessId)?.StartTicks ?? 0 });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The old record is unchanged, and proves as much at the next start.
        }
    }
}
