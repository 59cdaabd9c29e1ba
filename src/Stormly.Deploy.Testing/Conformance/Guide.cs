namespace Stormly.Deploy.Testing;

/// <summary>The places of the authors' guide that failures point to.</summary>
internal static class Guide
{
    public const string Start = "docs/backends.md#starting (IInstanceHost.StartAsync)";
    public const string Placement = "docs/backends.md#ports (IInstanceHost.CheckPlacementAsync)";
    public const string Ports = "docs/backends.md#ports (InstanceSpec.DeclaredPort, IInstance.Address)";
    public const string Environment = "docs/backends.md#the-environment (InstanceSpec.Environment)";
    public const string Exit = "docs/backends.md#the-end (IInstance.Exited, InstanceExit)";
    public const string Output = "docs/backends.md#output (IInstance.ReadOutputTail)";
    public const string Log = "docs/backends.md#the-log (InstanceSpec.LogFile)";
    public const string Listener = "docs/backends.md#who-listens (IInstance.CheckListenerAsync)";
    public const string Stop = "docs/backends.md#stopping (IInstance.StopAsync)";
    public const string Disposal = "docs/backends.md#disposal (IInstanceHost.DisposeAsync)";
    public const string Cancellation = "docs/backends.md#cancellation (IInstanceHost.StartAsync)";
    public const string Recovery = "docs/backends.md#recovery (IInstanceHost.RecoverAsync)";
    public const string Adoption = "docs/backends.md#adoption (InstanceHostCapabilities.Adoption)";
    public const string Leaks = "docs/backends.md#leaks";
}
