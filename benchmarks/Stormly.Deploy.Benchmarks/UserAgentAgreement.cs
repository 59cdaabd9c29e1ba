using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Stormly.Deploy.Features;

namespace Stormly.Deploy.Benchmarks;

/// <summary>Compares what we read in real user agents with what a public pattern set reads in them, and measures how long we take, also for texts that nobody would send in peace.</summary>
internal static class UserAgentAgreement
{
    private const double Goal = 0.97;
    private const double HostileGoal = 100;

    /// <summary>Prints it.</summary>
    /// <param name="file">What <c>benchmarks/useragents/oracle.cjs</c> wrote.</param>
    /// <param name="differences">How many differences to print.</param>
    /// <returns>0 where the goal is reached.</returns>
    public static int Run(string file, int differences)
    {
        var agents = File.ReadLines(file).Select(Read).ToList();
        Console.WriteLine($"{agents.Count} real user agents: {string.Join(", ", agents.GroupBy(a => a.Source).Select(g => $"{g.Count()} of {g.Key}"))}");
        var reached = agents.Count >= 1000;
        foreach (var (what, oracle, ours) in new (string, Func<Agent, string>, Func<UserAgentInfo, string?>)[]
        {
            ("browser family", a => UserAgentNames.Browser(a.Browser), i => i.Browser),
            ("system", a => UserAgentNames.System(a.System), i => i.System),
            ("kind of device", a => a.Device, i => i.Device),
        })
        {
            var judged = agents.Where(a => oracle(a).Length > 0).ToList();
            var wrong = judged.Where(a => oracle(a) != ours(UserAgentParser.Parse(a.Text))).ToList();
            var share = 1 - ((double)wrong.Count / judged.Count);
            reached &= share > Goal;
            Print($"{what}: {judged.Count - wrong.Count} of {judged.Count} agree, {share:P2} (no opinion of the oracle: {agents.Count - judged.Count})");
            foreach (var different in wrong.GroupBy(a => (Oracle: oracle(a), Ours: ours(UserAgentParser.Parse(a.Text)))).OrderByDescending(g => g.Count()).Take(differences))
            {
                Console.WriteLine($"  {different.Count(),4} oracle {different.Key.Oracle,-24} ours {different.Key.Ours ?? "-",-20} e.g. {different.First().Text}");
            }
        }

        return Times(agents) && reached ? 0 : 1;
    }

    private static bool Times(List<Agent> agents)
    {
        var texts = agents.ConvertAll(a => a.Text);
        var each = Enumerable.Range(0, 300).Select(_ => Measure(() => texts.ForEach(static t => UserAgentParser.Parse(t)))).Min() / texts.Count;
        var slowest = texts.Max(t => Enumerable.Range(0, 200).Select(_ => Measure(() => UserAgentParser.Parse(t))).Min());
        Print($"time: {each:0.00} us each on average, {slowest:0.00} us for the slowest of them");
        var worst = 0.0;
        foreach (var seed in HostileUserAgents.Seeds)
        {
            var small = Measure(seed, UserAgentParser.Longest);
            var large = Measure(seed, 1024 * 1024);
            worst = Math.Max(worst, Math.Max(small, large) / each);
            Print($"hostile: {seed,-22} {UserAgentParser.Longest} characters in {small:0.0} us, 1 MiB in {large:0.0} us, {small / each:0} and {large / each:0} times an ordinary one");
        }

        return each <= 10 && slowest <= 10 && worst <= HostileGoal;
    }

    private static double Measure(string seed, int length)
    {
        var text = HostileUserAgents.Make(seed, length);
        return Enumerable.Range(0, 200).Select(_ => Measure(() => UserAgentParser.Parse(text))).Min();
    }

    private static double Measure(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    private static Agent Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
        return new Agent(Text("source"), Text("userAgent"), Text("browser"), Text("system"), Text("device"));
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed record Agent(string Source, string Text, string Browser, string System, string Device);
}
