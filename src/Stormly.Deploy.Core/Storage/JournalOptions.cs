using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>How much of the past is kept on disk, for each deployment.</summary>
public sealed class JournalOptions
{
    /// <summary>How many decisions are kept, the newest ones; they outlive the host application. Default 2000, from 0 (none) to 100 000.</summary>
    public int Decisions { get; set; } = 2000;

    /// <summary>How many bytes they may take before the oldest go; the file is at most about twice as large. Default 2 MiB, from 64 KiB to 1 GiB.</summary>
    public long DecisionBytes { get; set; } = 2 << 20;

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(Decisions)}", Decisions, 0, 100_000);
        rules.Between($"{path}:{nameof(DecisionBytes)}", DecisionBytes, 64 << 10, 1 << 30);
    }
}
