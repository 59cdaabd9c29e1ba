using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>Turns what the HTTP client throws into a <see cref="CallOutcome"/>.</summary>
internal static class CallFailure
{
    /// <summary>Tells what an exception of a call means.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="callerGone">Whether our own caller gave up.</param>
    /// <param name="late">Whether the time of the call is over.</param>
    /// <returns>The outcome, or null where the exception is none that a network can cause.</returns>
    public static CallOutcome? Read(Exception error, bool callerGone, bool late)
    {
        if (FindConnectFailure(error) is { } connect && !callerGone)
        {
            return CallOutcome.Failed(CallResult.NotConnected, connect.Message);
        }

        if (error is not (OperationCanceledException or IOException or HttpRequestException))
        {
            return null;
        }

        if (callerGone)
        {
            return CallOutcome.Failed(CallResult.Cancelled, "the caller gave up");
        }

        return late || error is OperationCanceledException
            ? CallOutcome.Failed(CallResult.TimedOut, "no whole answer within the time of a request")
            : FromKind((error as HttpIOException)?.HttpRequestError ?? (error as HttpRequestException)?.HttpRequestError, error);
    }

    private static CallOutcome FromKind(HttpRequestError? kind, Exception error) => kind switch
    {
        HttpRequestError.InvalidResponse => CallOutcome.Failed(CallResult.NotHttp, "the answer is not HTTP/1.1: " + Describe(error)),
        HttpRequestError.ConfigurationLimitExceeded => CallOutcome.Failed(CallResult.NotHttp, "the answer's headers are too large: " + Describe(error)),
        HttpRequestError.ResponseEnded => CallOutcome.Failed(CallResult.ConnectionLost, "the connection was closed before the whole answer was there"),
        _ => CallOutcome.Failed(CallResult.ConnectionLost, "the connection was lost: " + Describe(error)),
    };

    private static InstanceConnectException? FindConnectFailure(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (e is InstanceConnectException found)
            {
                return found;
            }
        }

        return null;
    }

    private static string Describe(Exception error) => PrintableText.Escape(error.GetBaseException().Message, maxLength: 200);
}
