using System.Globalization;
using Stormly.Deploy.Process.Launching;
using Stormly.Deploy.Process.Linux;

namespace Stormly.Deploy.Process.Records;

/// <summary>Decides whether a record may be acted upon. A record is data that anybody could have written: it must not make us signal a stranger.</summary>
internal static class RecordProof
{
    /// <summary>Looks for a reason to leave everything alone that a record names.</summary>
    /// <param name="record">The record; null for a file that is none.</param>
    /// <param name="folder">The folder that it lies in.</param>
    /// <returns>The reason in words; null where its marker may be searched for.</returns>
    public static string? FindObjection(InstanceRecord? record, string folder)
    {
        if (record is null)
        {
            return "its record is torn or is no record: left alone.";
        }

        if (record.Format != InstanceRecord.CurrentFormat)
        {
            return string.Create(CultureInfo.InvariantCulture, $"its record was written in form {record.Format} by another version of this library, this one reads form {InstanceRecord.CurrentFormat}: left alone.");
        }

        if (!InstanceMarker.IsValid(record.Marker) || record.Pid < 0 || record.Pid == 1 || record.StartTicks < 0)
        {
            return "its record holds impossible values: left alone.";
        }

        if (record.BootId is not { Length: > 0 } boot || boot != BootId.Read())
        {
            return "its record is from another run of this machine: nothing of it can live.";
        }

        if (record.Folder is null || Path.TrimEndingDirectorySeparator(record.Folder) != Path.TrimEndingDirectorySeparator(folder))
        {
            return "its record was written for another folder and copied here: left alone.";
        }

        return OwnerLives(record)
            ? string.Create(CultureInfo.InvariantCulture, $"it belongs to a host application that still runs (process {record.HostPid}): left alone. Give every host application a state folder of its own.")
            : null;
    }

    /// <summary>Says what became of the process id in a record, where it is not the leader any more.</summary>
    /// <param name="record">A record without objection.</param>
    /// <returns>A remark for the note; empty where there is nothing to say.</returns>
    public static string DescribeReuse(InstanceRecord record)
        => record.Pid > 0 && ProcTable.Read(record.Pid) is { } now && now.StartTicks != record.StartTicks
            ? string.Create(CultureInfo.InvariantCulture, $" Process {record.Pid} is another program by now ({Model.PrintableText.Escape(now.Comm)}): left alone.")
            : "";

    /// <summary>The leader's number may name its group only where the leader, or a marked process of its session, proves it.</summary>
    /// <param name="record">A record without objection.</param>
    /// <returns>The identity to search for.</returns>
    public static Stopping.InstanceIdentity IdentityOf(InstanceRecord record)
        => new(record.Marker!, record.Pid, record.StartTicks, IsOwnChild: false);

    private static bool OwnerLives(InstanceRecord record)
        => record.HostPid > 0 && ProcTable.Read(record.HostPid) is { IsLive: true } host && host.StartTicks == record.HostStartTicks;
}
