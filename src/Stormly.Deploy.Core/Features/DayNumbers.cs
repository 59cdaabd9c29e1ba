namespace Stormly.Deploy.Features;

/// <summary>How days of the week are counted.</summary>
public enum DayNumbers
{
    /// <summary>Monday is 0, Sunday 6, as <c>datetime.weekday()</c> and pandas count.</summary>
    MondayIs0,

    /// <summary>Monday is 1, Sunday 7, as ISO 8601 counts.</summary>
    MondayIs1,

    /// <summary>Sunday is 0, Saturday 6, as JavaScript counts.</summary>
    SundayIs0,
}
