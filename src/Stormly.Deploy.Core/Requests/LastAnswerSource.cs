namespace Stormly.Deploy.Requests;

/// <summary>Which answers of a plugin may be kept and shown to callers, the newest alone.</summary>
public enum LastAnswerSource
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>Answers to status checks: what went in is made up, so nobody's data is in them.</summary>
    StatusChecks,

    /// <summary>Answers to requests as well: a caller's answer is shown to other callers.</summary>
    Requests,
}
