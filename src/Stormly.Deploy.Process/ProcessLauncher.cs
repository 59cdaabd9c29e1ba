using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Launching;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.Process.Ports;
using Stormly.Deploy.Process.Records;
using Stormly.Deploy.Process.Stopping;

namespace Stormly.Deploy.Process;

/// <summary>One start, step by step: check, reserve a port, write the record, start, complete the record. What fails leaves nothing behind.</summary>
internal sealed class ProcessLauncher(ProcessHostOptions options, PortBroker ports, ProcessInstanceOwner owner)
{
    private static readonly string Version = typeof(ProcessLauncher).Assembly.GetName().Version?.ToString() ?? "";

    /// <summary>Looks for what the machine must have.</summary>
    /// <returns>What was found.</returns>
    /// <exception cref="BackendUnavailableException">Something lacks.</exception>
    public Machine RequireMachine() => Machine.Require(options.Shell, Environment.GetEnvironmentVariable("PATH"));

    /// <summary>Starts an instance.</summary>
    /// <param name="spec">What to start.</param>
    /// <param name="cancellationToken">Gives up, as long as nothing was started.</param>
    /// <returns>The running instance.</returns>
    public async Task<ProcessInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        var machine = RequireMachine();
        if (!Directory.Exists(spec.WorkFolder))
        {
            throw new InstanceStartException(spec.Plugin, spec.Id, $"Its working folder {spec.WorkFolder} is not there: nothing was started. Deploy the plugin again.");
        }

        CommandLimit.Check(spec, spec.StartCommand);
        var lease = Reserve(spec);
        try
        {
            CommandLimit.Check(spec, lease.Command);
            cancellationToken.ThrowIfCancellationRequested();
            return await LaunchAsync(spec, lease, machine).ConfigureAwait(false);
        }
        catch
        {
            lease.Dispose();
            RecordFile.Delete(Path.Combine(spec.Folder, RecordFile.Name));
            throw;
        }
    }

    private PortLease Reserve(InstanceSpec spec)
    {
        try
        {
            return ports.Reserve(spec.Plugin, spec.StartCommand, spec.DeclaredPort);
        }
        catch (PluginDeploymentException e) when (e is not InstanceStartException)
        {
            throw new InstanceStartException(spec.Plugin, spec.Id, e.Message, inner: e);
        }
    }

    private async Task<ProcessInstance> LaunchAsync(InstanceSpec spec, PortLease lease, Machine machine)
    {
        var marker = InstanceMarker.New();
        var plan = new LaunchPlan
        {
            Command = lease.Command,
            Shell = machine.Shell,
            Setsid = machine.Setsid,
            Marker = marker,
            WorkFolder = spec.WorkFolder,
            Environment = EnvironmentBuilder.Build([.. options.AllowedEnvironment], Environment.GetEnvironmentVariables(), spec, lease.Port, marker),
            OrphanGrace = spec.OrphanGrace,
            OutOfMemoryScore = options.OutOfMemoryScore,
            OpenFiles = options.OpenFiles,
            OutputTailBytes = options.OutputTailBytes,
            Output = spec.OutlivesHost ? OutputFile.Beside(spec.LogFile, options.OutputTailBytes) : null,
        };
        var record = Describe(spec, lease, marker, plan.Output);
        Write(spec, record);
        var process = StartProcess(spec, plan);
        var startTicks = ProcTable.Read(process.Pid)?.StartTicks ?? 0;
        var instance = new ProcessInstance(new ProcessInstanceFacts(spec.Id, spec.Plugin, spec.Folder, spec.DeclaredPort), process, lease, new InstanceIdentity(marker, process.Pid, startTicks, IsOwnChild: true), owner);
        try
        {
            Write(spec, record with { Pid = process.Pid, StartTicks = startTicks });
            return instance;
        }
        catch
        {
            await instance.StopAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private static LaunchedProcess StartProcess(InstanceSpec spec, LaunchPlan plan)
    {
        try
        {
            return LaunchedProcess.Start(plan);
        }
        catch (Win32Exception e)
        {
            throw new InstanceStartException(spec.Plugin, spec.Id, StartTrouble.Describe(e), inner: e);
        }
    }

    private static void Write(InstanceSpec spec, InstanceRecord record)
    {
        try
        {
            RecordFile.Write(spec.Folder, record);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InstanceStartException(
                spec.Plugin, spec.Id, $"Its record could not be written to {Path.Combine(spec.Folder, RecordFile.Name)}: {e.Message} Without a record it could not be found again, so nothing was started. Make room, or set the permissions.", inner: e);
        }
    }

    private static InstanceRecord Describe(InstanceSpec spec, PortLease lease, string marker, OutputFile? output) => new()
    {
        Format = InstanceRecord.CurrentFormat,
        LibraryVersion = Version,
        Instance = spec.Id.Value,
        Plugin = spec.Plugin.Value,
        Folder = spec.Folder,
        Marker = marker,
        BootId = BootId.Read(),
        HostPid = Environment.ProcessId,
        HostStartTicks = ProcTable.Read(Environment.ProcessId)?.StartTicks ?? 0,
        Port = lease.Port,
        DeclaredPort = spec.DeclaredPort,
        OutlivesHost = spec.OutlivesHost,
        OutputFile = output?.Path,
        CommandHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lease.Command))),
    };
}
