using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Stormly.Deploy.EndToEnd.Harness.Ledger;

/// <summary>
/// Accounts for every request: what its caller got, what the plugins themselves wrote down, which revisions served when, and which processes were
/// killed when. A request is well answered with 200 by a revision that was serving, or was in flight on an instance that was killed; anything else is lost.
/// </summary>
/// <param name="folder">Where the plugins write.</param>
/// <param name="plugins">Whether they do. Where not, their side of the account is left out: what a caller got must be right by itself.</param>
public sealed class RequestLedger(string folder, bool plugins = true)
{
    private readonly ConcurrentQueue<Entry> _entries = [];
    private readonly ConcurrentDictionary<int, (long From, long To)> _served = new();
    private readonly ConcurrentQueue<(IReadOnlyList<int> Processes, long At, long Dead)> _kills = [];
    private int _number;

    /// <summary>Where the plugins write.</summary>
    public string Folder { get; } = Directory.CreateDirectory(folder).FullName;

    public int Kills => _kills.Count;

    /// <summary>From now on this model may answer.</summary>
    public void Begin(int model) => _served[model] = (Stopwatch.GetTimestamp(), long.MaxValue);

    /// <summary>From now on no request may be given to this model any more; those that it has may finish.</summary>
    public void End(int model) => _served[model] = _served[model] with { To = Stopwatch.GetTimestamp() };

    /// <summary>Kills the processes of one instance and writes it down.</summary>
    public async Task KillAsync(IReadOnlyList<int> processes, Func<Task> kill)
    {
        var at = Stopwatch.GetTimestamp();
        await kill();
        _kills.Enqueue((processes, at, Stopwatch.GetTimestamp()));
    }

    /// <summary>Sends one request with a number of its own.</summary>
    public async Task<Answer> SendAsync(Func<string, Task<Answer>> post)
    {
        var number = Interlocked.Increment(ref _number);
        var began = Stopwatch.GetTimestamp();
        var answer = await post(string.Create(CultureInfo.InvariantCulture, $"{{\"props\": {{\"feature_1\":\"{number}\"}}}}"));
        var (model, process, right) = answer.Code == HttpStatusCode.OK ? Read(answer.Body, number) : default;
        _entries.Enqueue(new Entry(number, began, Stopwatch.GetTimestamp(), answer.Code, model, process, right, answer.Code == HttpStatusCode.OK ? "" : answer.Body));
        return answer;
    }

    /// <summary>Reads what the plugins wrote, and settles every request against it.</summary>
    public LedgerReport Settle()
    {
        var seen = ReadPlugins();
        var killed = _kills.SelectMany(k => k.Processes).ToHashSet();
        var report = new LedgerReport { Sent = _number, Noted = _entries.Count, Kills = Kills, AtPlugins = plugins ? seen.Values.Sum(l => l.Count) : null };
        foreach (var entry in _entries)
        {
            var at = seen.GetValueOrDefault(entry.Number) ?? [];
            if (entry.Code == HttpStatusCode.OK)
            {
                var problem = Judge(entry, at);
                report.Answered += problem is null ? 1 : 0;
                report.Note(problem);
            }
            else if (entry.Code == HttpStatusCode.BadGateway && (at is [var (process, _)] ? killed.Contains(process) : at.Count == 0 && IsBesideAKill(entry)))
            {
                report.InFlight++;
                report.InFlightSeen += at.Count;
            }
            else
            {
                report.Note($"request {entry.Number} got {(int?)entry.Code} and was seen by {at.Count} plugin process(es): {entry.Body}");
            }

            seen.Remove(entry.Number);
        }

        foreach (var (number, _) in seen)
        {
            report.Note($"a plugin saw request {number}, which nobody sent");
        }

        return report;
    }

    private static (int Model, int Process, bool Right) Read(string body, int number)
    {
        using var answer = JsonDocument.Parse(body);
        var root = answer.RootElement;
        var echoed = root.GetProperty("body").GetProperty("props").GetProperty("feature_1").GetString();
        return (int.Parse(root.GetProperty("model").GetString()!, CultureInfo.InvariantCulture), root.GetProperty("pid").GetInt32(), echoed == number.ToString(CultureInfo.InvariantCulture));
    }

    private string? Judge(Entry entry, List<(int Process, int Model)> at)
    {
        if (plugins && !(at is [var (process, model)] && process == entry.Process && model == entry.Model))
        {
            return $"request {entry.Number} was answered by process {entry.Process} of model {entry.Model}, but {at.Count} plugin processes saw it: {string.Join(", ", at)}";
        }

        var serving = _served.TryGetValue(entry.Model, out var when) && when.From <= entry.Ended && entry.Began <= when.To;
        return !entry.Right ? $"request {entry.Number} got the answer to another one" : serving ? null : $"request {entry.Number} was answered by model {entry.Model}, which did not serve then";
    }

    private bool IsBesideAKill(Entry entry) => _kills.Any(k => k.At <= entry.Ended && entry.Began <= k.Dead + Stopwatch.Frequency);

    private Dictionary<int, List<(int Process, int Model)>> ReadPlugins()
    {
        var seen = new Dictionary<int, List<(int, int)>>();
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            var name = Path.GetFileName(file).Split('-');
            var who = (int.Parse(name[0], CultureInfo.InvariantCulture), int.Parse(name[1], CultureInfo.InvariantCulture));
            foreach (var line in File.ReadLines(file))
            {
                var number = int.Parse(line, CultureInfo.InvariantCulture);
                (seen.TryGetValue(number, out var list) ? list : seen[number] = []).Add(who);
            }
        }

        return seen;
    }

    private sealed record Entry(int Number, long Began, long Ended, HttpStatusCode? Code, int Model, int Process, bool Right, string Body);
}
