using System.Globalization;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Stopping;

namespace Stormly.Deploy.Process.Records;

/// <summary>Finds what an earlier run of the host application left behind: takes over what is to be adopted, then ends the rest that is proven to be that.</summary>
internal sealed class Recovery(TimeProvider time, ProcessAdopter adopter)
{
    /// <summary>Goes through all records. Nothing is ended before everything that can be was taken over; the endings go side by side so that their graces do not add up.</summary>
    /// <param name="request">Where the records are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was adopted, and a note for each other record.</returns>
    public async Task<(IReadOnlyList<ProcessInstance> Adopted, IReadOnlyList<HostRecoveryNote> Notes)> RunAsync(HostRecoveryRequest request, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(request.InstancesFolder))
        {
            return ([], []);
        }

        var adopted = new List<ProcessInstance>();
        var rest = new List<Leftover>();
        foreach (var folder in Directory.EnumerateDirectories(Path.GetFullPath(request.InstancesFolder)).Where(f => File.Exists(Path.Combine(f, RecordFile.Name))).Order(StringComparer.Ordinal))
        {
            var left = Look(folder, request.Adopt.Contains(new InstanceId(Path.GetFileName(folder))), out var instance);
            if (instance is not null)
            {
                adopted.Add(instance);
            }
            else
            {
                rest.Add(left);
            }
        }

        try
        {
            return (adopted, rest.Count == 0 ? [] : await EndAsync(rest, request.Grace, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            // Given up: nobody will hear of those that were taken over, so they wait for the next start.
            foreach (var instance in adopted)
            {
                await instance.LetGoAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private Leftover Look(string folder, bool adopt, out ProcessInstance? instance)
    {
        var record = RecordFile.Read(Path.Combine(folder, RecordFile.Name));
        var left = new Leftover(new InstanceId(Path.GetFileName(folder)), folder, record, RecordProof.FindObjection(record, folder), "");
        instance = null;
        if (left.Objection is null && adopt)
        {
            instance = adopter.TryAdopt(left.Id, folder, record!, out var reason);
            left = left with { Remark = instance is null ? $" It was wanted back: {reason}" : "" };
        }

        return left;
    }

    private async Task<IReadOnlyList<HostRecoveryNote>> EndAsync(List<Leftover> rest, TimeSpan grace, CancellationToken cancellationToken)
    {
        var live = await LiveMarkers.FindAsync(time, cancellationToken).ConfigureAwait(false);
        using var some = new SemaphoreSlim(8);
        return await Task.WhenAll(rest.Select(async left =>
        {
            await some.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await Task.Run(() => EndAsync(left, live, grace, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                some.Release();
            }
        })).ConfigureAwait(false);
    }

    private async Task<HostRecoveryNote> EndAsync(Leftover leftover, IReadOnlySet<string> live, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (leftover.Objection is { } objection)
        {
            return new HostRecoveryNote(leftover.Id, Ended: false, objection);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var record = leftover.Record!;
        var remark = RecordProof.DescribeReuse(record) + leftover.Remark;
        var ending = new InstanceEnding(RecordProof.IdentityOf(record), time);

        // Giving up means no more politeness: to stop waiting before they are killed would leave strays.
        var left = live.Contains(record.Marker!) ? await ending.RunAsync(grace, cancellationToken).ConfigureAwait(false) : [];
        if (left.Count > 0)
        {
            return new HostRecoveryNote(leftover.Id, Ended: false, $"it could not be ended: {InstanceEnding.Describe(left)} still lives.{remark}") { Remains = true };
        }

        RecordFile.Delete(Path.Combine(leftover.Folder, RecordFile.Name));
        return new HostRecoveryNote(
            leftover.Id,
            ending.FoundAny,
            (ending.FoundAny
                ? string.Create(CultureInfo.InvariantCulture, $"it was still running on port {record.Port} and was {(ending.Forced ? "killed" : "ended")}.")
                : "nothing of it lives.") + remark);
    }

    /// <summary>One record that nothing was taken over by.</summary>
    /// <param name="Id">The instance.</param>
    /// <param name="Folder">Its folder.</param>
    /// <param name="Record">Its record; null where it is none.</param>
    /// <param name="Objection">Why everything is left alone that it names; null where it may be searched for.</param>
    /// <param name="Remark">What else there is to say.</param>
    private sealed record Leftover(InstanceId Id, string Folder, InstanceRecord? Record, string? Objection, string Remark);
}
