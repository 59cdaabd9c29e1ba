using System.Globalization;
using Stormly.Deploy.Simulation;

// Storms in a process of one thread, with all that happens in them: the same seeds tell the same story, to the last line. Exit code 1 = a promise was broken.
if (args is not [var first, var last] || !ulong.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from) || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
{
    Console.Error.WriteLine("usage: Stormly.Deploy.Simulation SEED COUNT");
    return 2;
}

OneThread.Begin();
var failures = await LoopCampaign.RunAsync(from, count, Console.WriteLine, CancellationToken.None);
return failures.IsEmpty ? 0 : 1;
