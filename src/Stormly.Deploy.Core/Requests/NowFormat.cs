namespace Stormly.Deploy.Requests;

/// <summary>How the time of a request is written into <c>props.now</c>.</summary>
public enum NowFormat
{
    /// <summary>Whole seconds since 1970-01-01 UTC as a number, e.g. <c>1700000000</c>.</summary>
    UnixSeconds,

    /// <summary>Whole milliseconds since 1970-01-01 UTC as a number, e.g. <c>1700000000123</c>.</summary>
    UnixMilliseconds,

    /// <summary>ISO 8601 text in UTC with milliseconds, e.g. <c>"2023-11-14T22:13:20.123Z"</c>.</summary>
    Iso8601,
}
