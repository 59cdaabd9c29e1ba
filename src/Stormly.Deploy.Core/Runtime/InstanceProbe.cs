using System.Buffers;
using System.Globalization;
using Stormly.Deploy.Health;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>One status check: the call, and where it matters the proof of who listens.</summary>
internal static class InstanceProbe
{
    private const int MaxAnswerBytes = 1 << 20;

    public static async Task<(ProbeAnswer Answer, int Status, string Detail)> AskAsync(
        IInstance instance, RunnableRevision revision, RuntimeServices services, DeploymentEffect.Probe probe, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        revision.Endpoint.Contract.WriteStatusBody(body, services.Time.GetUtcNow());
        var limits = new CallLimits(services.Machine.StatusCheck.Timeout, MaxAnswerBytes);
        using var outcome = await services.Caller.PostAsync(instance.Address, revision.Stored.Spec.StatusPath, body.WrittenMemory, limits, cancellationToken).ConfigureAwait(false);
        var result = await JudgeAsync(outcome, instance, services, probe, cancellationToken).ConfigureAwait(false);
        if (result.Answer == ProbeAnswer.Good)
        {
            revision.Endpoint.Answers.NoteStatusCheck(outcome.Body.Span);
        }

        return result;
    }

    private static async Task<(ProbeAnswer Answer, int Status, string Detail)> JudgeAsync(
        CallOutcome outcome, IInstance instance, RuntimeServices services, DeploymentEffect.Probe probe, CancellationToken cancellationToken)
    {
        var answered = outcome.Result == CallResult.Answered;
        var good = answered && outcome.StatusCode == 200;
        var detail = answered ? string.Create(CultureInfo.InvariantCulture, $"its status check answered {outcome.StatusCode}") : outcome.Detail;
        if (probe.Proving && (good || probe.Question != ListenerQuestion.None))
        {
            var check = await CheckListenerAsync(instance, services, cancellationToken).ConfigureAwait(false);
            return Join(good, answered, outcome.StatusCode, detail, check, probe.Question);
        }

        return (good ? ProbeAnswer.Good : answered ? ProbeAnswer.BadStatus : ProbeAnswer.NoAnswer, outcome.StatusCode, detail);
    }

    private static (ProbeAnswer Answer, int Status, string Detail) Join(
        bool good, bool answered, int status, string detail, ListenerCheck check, ListenerQuestion question) => check.Verdict switch
        {
            ListenerVerdict.Ours => (good ? ProbeAnswer.Good : answered ? ProbeAnswer.BadStatus : ProbeAnswer.NoAnswer, status, detail),
            ListenerVerdict.Stranger => (ProbeAnswer.Stranger, status, check.Detail),
            ListenerVerdict.Elsewhere when good || check.IsFinal || question == ListenerQuestion.Final => (ProbeAnswer.Elsewhere, status, check.Detail),
            _ => (ProbeAnswer.NoAnswer, status, check.Detail.Length > 0 ? $"{detail}; {check.Detail}" : detail),
        };

    private static async Task<ListenerCheck> CheckListenerAsync(IInstance instance, RuntimeServices services, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(services.Machine.StatusCheck.Timeout, services.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            return await instance.CheckListenerAsync(both.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            return new ListenerCheck(ListenerVerdict.Nobody, $"who listens could not be found out: {error.Message}");
        }
    }
}
