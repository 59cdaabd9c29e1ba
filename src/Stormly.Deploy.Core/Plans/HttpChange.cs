namespace Stormly.Deploy.Plans;

/// <summary>One key of the merged <c>http</c> object that differs.</summary>
/// <param name="Key">The key, e.g. <c>port</c>.</param>
/// <param name="StageBefore">The stage that set it before; null where none did.</param>
/// <param name="StageAfter">The stage that sets it now; null where none does.</param>
/// <param name="Values">Every place of its value that differs, from <c>/http/&lt;key&gt;</c> on.</param>
public sealed record HttpChange(string Key, string? StageBefore, string? StageAfter, JsonChanges Values);
