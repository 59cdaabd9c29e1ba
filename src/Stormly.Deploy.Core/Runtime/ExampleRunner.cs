using System.Buffers;
using System.Globalization;
using System.Text;
using Stormly.Deploy.Examples;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Runs examples against instances. Its requests go straight to an instance: they are no traffic, and nothing is learned from them. One request after the other.
/// </summary>
internal sealed class ExampleRunner(ExampleSpec spec)
{
    private const int LongestSent = 400;
    private const int LongestCame = 200;

    /// <summary>A longer answer is no stand-in for an example.</summary>
    private const int LongestAnswer = 64 * 1024;

    public ExampleSpec Spec => spec;

    /// <summary>Runs what a revision needs before it is promoted, within the bounds for that.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="address">An instance of it that is ready.</param>
    /// <param name="cancellationToken">The instance is taken away.</param>
    /// <returns>What came of it.</returns>
    public async Task<ExampleOutcome> CheckAsync(RunnableRevision revision, InstanceAddress address, CancellationToken cancellationToken)
    {
        var check = spec.CheckOf(revision.Stored.Plugin);
        if (check == ExampleCheck.Off)
        {
            return ExampleOutcome.None;
        }

        var (endpoint, begun) = (revision.Endpoint, spec.Time.GetTimestamp());
        var plan = ExamplePlan.Of(endpoint.Contract.Explanation, spec.Options.MaxExamples);
        var needed = plan.Runs.Where(r => r.Needed).ToList();
        var (run, problem) = (0, (string?)null);
        foreach (var example in needed.Take(spec.Options.PromotionRequests))
        {
            if (run > 0 && spec.Time.GetElapsedTime(begun) + spec.Options.RequestTimeout > spec.Options.PromotionTime)
            {
                break;
            }

            var (result, came) = await RunAsync(endpoint, example, address, cancellationToken).ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            run++;
            spec.Book.Note(revision.Stored.Plugin, endpoint.Revision, result);
            problem ??= result.Problem is null ? null : Describe(endpoint, result, came);
        }

        var rest = needed.Count - run;
        var notes = rest > 0 ? plan.Problems.Add(string.Create(CultureInfo.InvariantCulture, $"{rest} more are run once it serves")) : plan.Problems;
        if (run > 0)
        {
            spec.Book.Save(revision.Stored.Plugin);
        }

        return new ExampleOutcome(run, problem, problem is not null && check == ExampleCheck.Block, notes.IsEmpty ? null : string.Join("; ", notes));
    }

    /// <summary>Runs all examples against what serves, as far as instances have room for it.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="endpoint">What serves.</param>
    /// <param name="since">Examples that were run since then are left out.</param>
    /// <param name="patience">How long a free instance is waited for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came of it.</returns>
    public async Task<ExampleReport> RunAllAsync(PluginName plugin, PluginEndpoint endpoint, DateTimeOffset since, TimeSpan patience, CancellationToken cancellationToken)
    {
        var explanation = endpoint.Contract.Explanation;
        var plan = ExamplePlan.Of(explanation, spec.Options.MaxExamples);
        var results = new List<ExampleVerification>();
        var notRun = plan.Problems;
        var left = plan.Runs.Where(r => !spec.Book.HasAll(plugin, endpoint.Revision, r, since)).ToList();
        foreach (var (run, index) in left.Select((r, i) => (r, i)))
        {
            using var lease = await AcquireAsync(plugin, endpoint.Revision, patience, cancellationToken).ConfigureAwait(false);
            if (lease is null)
            {
                notRun = notRun.Add(string.Create(CultureInfo.InvariantCulture, $"{left.Count - index} request(s) were not made: no instance of revision {endpoint.Revision.Short} was free for them"));
                break;
            }

            var (result, _) = await RunAsync(endpoint, run, lease.Target.Address, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            spec.Book.Note(plugin, endpoint.Revision, result);
            results.AddRange(ExampleBook.Verifications(result, explanation));
        }

        if (notRun.Length == plan.Problems.Length)
        {
            spec.Book.NoteComplete(plugin, endpoint.Revision, spec.Time.GetUtcNow());
        }

        if (results.Count > 0)
        {
            spec.Book.Save(plugin);
        }

        return new ExampleReport { Revision = endpoint.Revision, Results = [.. results], NotRun = notRun };
    }

    private async Task<SpareLease?> AcquireAsync(PluginName plugin, RevisionId revision, TimeSpan patience, CancellationToken cancellationToken)
    {
        var begun = spec.Time.GetTimestamp();
        while (true)
        {
            if (spec.Router.TryAcquireSpare(plugin, revision) is { } lease)
            {
                return lease;
            }

            if (spec.Time.GetElapsedTime(begun) >= patience)
            {
                return null;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), spec.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(ExampleResult Result, string Came)> RunAsync(PluginEndpoint endpoint, ExampleRun run, InstanceAddress address, CancellationToken cancellationToken)
    {
        var at = spec.Time.GetUtcNow();
        var body = new ArrayBufferWriter<byte>();
        if (endpoint.Contract.WriteRequestBody(run.Body.Utf8.Span, body, at) is { IsOk: false } refused)
        {
            return (new ExampleResult(run, at, TimeSpan.Zero, $"the endpoint itself refuses it: {refused.Problems[0]}", null), "");
        }

        var limits = new CallLimits(spec.Options.RequestTimeout, spec.MaxResponseBytes);
        var begun = spec.Time.GetTimestamp();
        using var call = await spec.Caller.PostAsync(address, endpoint.RequestPath, body.WrittenMemory, limits, cancellationToken).ConfigureAwait(false);
        var took = spec.Time.GetElapsedTime(begun);
        var problem = FindProblem(call, endpoint.Contract.Explanation.Tabs[run.Tab]);
        var answer = problem is null && call.Body.Length <= LongestAnswer ? new RawJson(call.Body.ToArray()) : (RawJson?)null;
        return (new ExampleResult(run, at, took, problem, answer), problem is null ? "" : PrintableText.Escape(Encoding.UTF8.GetString(call.Body.Span[..Math.Min(call.Body.Length, LongestCame)]), maxLength: LongestCame));
    }

    private string? FindProblem(CallOutcome call, ExplainedTab tab)
    {
        if (call.Result != CallResult.Answered)
        {
            return $"there was no answer: {call.Detail}";
        }

        if (call.StatusCode != 200)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it was answered with code {call.StatusCode}");
        }

        if (ResponseCheck.Check(call.Body.Span, spec.MaxDepth).Reason is { } notJson)
        {
            return $"its answer is {notJson}";
        }

        return tab.Outputs.IsEmpty ? null : AnswerShape.FindDifference(JsonShape.Of(tab.Outputs), new RawJson(call.Body)) is { } difference ? $"its answer is not like the examples: {difference}" : null;
    }

    private static string Describe(PluginEndpoint endpoint, ExampleResult result, string came)
    {
        var example = ExamplePlan.Describe(result.Run, endpoint.Contract.Explanation);
        var words = came.Length == 0 ? "" : $"; the answer begins with {came}";
        return $"{example} failed: {result.Problem}. Sent: {PrintableText.Escape(result.Run.Body.ToString(), maxLength: LongestSent)}{words}";
    }
}
