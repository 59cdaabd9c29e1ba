using System.Globalization;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Stopping;

namespace Stormly.Deploy.Process.Records;

/// <summary>Finds what an earlier run of the host application left behind, and ends what is proven to be that.</summary>
internal sealed class Recovery(TimeProvider time)
{
    /// <summary>Goes through all records, the endings side by side so that their graces do not add up.</summary>
    /// <param name="request">Where the records are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One note a record.</returns>
    public async Task<HostRecoveryReport> RunAsync(HostRecoveryRequest request, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(request.InstancesFolder))
        {
            return HostRecoveryReport.Empty;
        }

        var live = await LiveMarkers.FindAsync(time, cancellationToken).ConfigureAwait(false);
        using var some = new SemaphoreSlim(8);
        var notes = await Task.WhenAll(Directory.EnumerateDirectories(Path.GetFullPath(request.InstancesFolder))
            .Where(folder => File.Exists(Path.Combine(folder, RecordFile.Name)))
            .Order(StringComparer.Ordinal)
            .Select(async folder =>
            {
                await some.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    return await Task.Run(() => RecoverAsync(folder, live, request.Grace, cancellationToken), cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    some.Release();
                }
            })).ConfigureAwait(false);
        return new HostRecoveryReport { Notes = [.. notes] };
    }

    private async Task<HostRecoveryNote> RecoverAsync(string folder, IReadOnlySet<string> live, TimeSpan grace, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, RecordFile.Name);
        var record = RecordFile.Read(path);
        var id = new InstanceId(Path.GetFileName(folder));
        if (RecordProof.FindObjection(record, folder) is { } objection)
        {
            return new HostRecoveryNote(id, Ended: false, objection);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var remark = RecordProof.DescribeReuse(record!);
        var ending = new InstanceEnding(RecordProof.IdentityOf(record!), time);

        // Giving up means no more politeness: to stop waiting before they are killed would leave strays.
        var left = live.Contains(record!.Marker!) ? await ending.RunAsync(grace, cancellationToken).ConfigureAwait(false) : [];
        if (left.Count > 0)
        {
            return new HostRecoveryNote(id, Ended: false, $"it could not be ended: {InstanceEnding.Describe(left)} still lives.{remark}") { Remains = true };
        }

        RecordFile.Delete(path);
        return new HostRecoveryNote(
            id,
            ending.FoundAny,
            (ending.FoundAny
                ? string.Create(CultureInfo.InvariantCulture, $"it was still running on port {record.Port} and was {(ending.Forced ? "killed" : "ended")}.")
                : "nothing of it lives.") + remark);
    }
}
