using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.EndToEnd.Harness.Ledger;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd.Harness.Kinds;

internal sealed class ProcessPlugins : PluginKind
{
    public override bool KeepsBooks => true;

    public override string? Image => null;

    public override void Use(IPluginDeploymentBuilder builder) => builder.UseProcesses();

    public override void WriteGood(string folder, string model, string? ledger)
        => PluginFiles.Write(folder, DummyPlugin.Command($"serve --port 5000 --model {model}{(ledger is null ? "" : $" --delay 10 --ledger '{ledger}'")}"));

    public override void WriteBad(string folder, BadPlugin bad) => PluginFiles.Write(folder, $": -p {{port}}; echo '{bad.LastWords}' >&2; " + bad.Failure switch
    {
        BadPlugin.Failures.Hangs => DummyPlugin.Command("listen-no-answer --port {port}"),
        BadPlugin.Failures.Answers500 => DummyPlugin.Command("serve --port {port} --status-code 500"),
        BadPlugin.Failures.NeverListens => "exec sleep 1000",
        _ => "exit 7",
    });

    public override Task KillAsync(RequestLedger ledger, string stateFolder, InstanceId instance)
    {
        var processes = PluginProcesses.Of(stateFolder, instance);
        return ledger.KillAsync(processes, () =>
        {
            PluginProcesses.Kill(processes);
            // A busy machine takes its time over the end of a process: until then it may still take what it does not live to read.
            return Waiting.UntilAsync(() => !processes.Any(PluginProcesses.IsLive), "the end of the killed processes", CancellationToken.None);
        });
    }

    public override Task<IReadOnlyList<string>> LivingAsync(string stateFolder, InstanceId? instance = null)
        => Task.FromResult<IReadOnlyList<string>>([.. (instance is null ? PluginProcesses.Below(stateFolder) : PluginProcesses.Of(stateFolder, instance)).Select(id => id.ToString(CultureInfo.InvariantCulture))]);

    public override Task<IReadOnlyList<int>> PortsAsync(string stateFolder)
        => Task.FromResult<IReadOnlyList<int>>([.. PluginProcesses.Below(stateFolder).Select(PluginProcesses.PortOf).OfType<int>().Distinct()]);

    public override Task ClearAsync(string stateFolder)
    {
        PluginProcesses.Kill(stateFolder);
        return Task.CompletedTask;
    }
}
