using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Testing.Tests;

/// <summary>What goes wrong in backends, one at a time.</summary>
internal static class Defects
{
    public sealed class LeaksAGrandchild(IInstanceHost sound) : DefectiveHost(sound)
    {
        private readonly ConcurrentBag<System.Diagnostics.Process> _leaked = [];

        public override async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
        {
            var instance = await base.StartAsync(spec, cancellationToken);
            var start = new ProcessStartInfo("python3", ["-S", "-B", "dummy_plugin.py", "serve", "--port", "0", "--mark"]) { WorkingDirectory = spec.WorkFolder };
            start.Environment["LOG_FILE"] = spec.LogFile;
            _leaked.Add(System.Diagnostics.Process.Start(start)!);
            while (!File.Exists(spec.LogFile) || new FileInfo(spec.LogFile).Length == 0)
            {
                await Task.Delay(10, cancellationToken);
            }

            return instance;
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            foreach (var process in _leaked)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }
    }

    public sealed class WaitsUntilItListens(IInstanceHost sound) : DefectiveHost(sound)
    {
        public override async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
        {
            var instance = await base.StartAsync(spec, cancellationToken);
            while ((await instance.CheckListenerAsync(cancellationToken)).Verdict != ListenerVerdict.Ours && !instance.Exited.IsCompleted)
            {
                await Task.Delay(10, cancellationToken);
            }

            return instance;
        }
    }

    public sealed class PassesItsWholeEnvironment(IInstanceHost sound) : DefectiveHost(sound)
    {
        public override Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
            => base.StartAsync(spec with { Environment = spec.Environment.SetItems(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(v => KeyValuePair.Create((string)v.Key, (string)v.Value!))) }, cancellationToken);
    }

    public sealed class LeavesAProcessAfterACancelledStart(IInstanceHost sound) : DefectiveHost(sound)
    {
        public override async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
        {
            var instance = await base.StartAsync(spec, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return instance;
        }
    }

    public sealed class LeaksDescriptors(IInstanceHost sound) : DefectiveHost(sound)
    {
        private readonly ConcurrentBag<FileStream> _leaked = [];

        public override Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
        {
            _leaked.Add(File.OpenRead(spec.ManifestFile));
            return base.StartAsync(spec, cancellationToken);
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _leaked.ToList().ForEach(f => f.Dispose());
        }
    }

    public sealed class ThrowsOnSecondDisposal(IInstanceHost sound) : DefectiveHost(sound)
    {
        private int _disposals;

        public override async ValueTask DisposeAsync()
        {
            ObjectDisposedException.ThrowIf(Interlocked.Increment(ref _disposals) == 2, this);
            await base.DisposeAsync();
        }
    }

    /// <summary>Sweeps by what it finds running, not by the records in the folder that it was given.</summary>
    public sealed class EndsStrangersOnRecovery(IInstanceHost sound, ConcurrentBag<IInstance> running) : DefectiveHost(sound)
    {
        public override async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
        {
            var instance = await base.StartAsync(spec, cancellationToken);
            running.Add(instance);
            return instance;
        }

        public override async Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken)
        {
            foreach (var instance in running)
            {
                await instance.StopAsync(TimeSpan.Zero, CancellationToken.None);
            }

            return HostRecoveryReport.Empty;
        }
    }

    /// <summary>Believes every record, wherever it comes from.</summary>
    public sealed class AdoptsForeignRecords(IInstanceHost sound, ConcurrentBag<IInstance> running) : DefectiveHost(sound)
    {
        public override async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
        {
            var instance = await base.StartAsync(spec, cancellationToken);
            running.Add(instance);
            return instance;
        }

        public override Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken)
            => Task.FromResult(new HostRecoveryReport { Adopted = [.. running.Where(i => request.Adopt.Contains(i.Id) && Directory.Exists(Path.Combine(request.InstancesFolder, i.Id.Value)))] });
    }

    /// <summary>Changes its instances.</summary>
    public sealed class OfInstances(IInstanceHost sound, Func<IInstance, DefectiveInstance> wrap) : DefectiveHost(sound)
    {
        protected override DefectiveInstance Wrap(IInstance instance, InstanceSpec spec) => wrap(instance);
    }

    public sealed class IgnoresTheGrace(IInstance sound) : DefectiveInstance(sound)
    {
        public override Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force) => base.StopAsync(TimeSpan.Zero, force);
    }

    public sealed class NeverForces(IInstance sound) : DefectiveInstance(sound)
    {
        public override Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force) => base.StopAsync(grace > TimeSpan.Zero ? TimeSpan.FromHours(1) : grace, force);
    }

    public sealed class SharesAnAddress(IInstance sound, InstanceAddress address) : DefectiveInstance(sound)
    {
        public override InstanceAddress Address => address;
    }

    public sealed class LosesTheOutput(IInstance sound) : DefectiveInstance(sound)
    {
        public override Task<InstanceExit> Exited => LoseAsync();

        public override string ReadOutputTail() => "";

        private async Task<InstanceExit> LoseAsync() => await Sound.Exited with { OutputTail = "" };
    }

    public sealed class LosesTheExitCode(IInstance sound) : DefectiveInstance(sound)
    {
        public override Task<InstanceExit> Exited => LoseAsync();

        private async Task<InstanceExit> LoseAsync() => await Sound.Exited with { ExitCode = null };
    }

    public sealed class NeverSeesTheEnd(IInstance sound) : DefectiveInstance(sound)
    {
        private readonly TaskCompletionSource<InstanceExit> _never = new();

        public override Task<InstanceExit> Exited => _never.Task;
    }
}
