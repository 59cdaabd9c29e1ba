using System.Globalization;

namespace Stormly.Deploy.Features;

/// <summary>Hours and days as values.</summary>
internal static class ClockValues
{
    private static readonly FactValue[] Hours = [.. Enumerable.Range(0, 24).Select(Hour24)];
    private static readonly string[] Names = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    private static readonly Dictionary<DayNumbers, FactValue[]> Days = Enum.GetValues<DayNumbers>().ToDictionary(n => n, n => Enumerable.Range(0, 7).Select(d => Day(d, n)).ToArray());
    private static readonly FactValue Yes = new() { Flag = true, Number = 1 };
    private static readonly FactValue No = new() { Flag = false, Number = 0 };

    /// <summary>Every day of the week.</summary>
    public static IReadOnlyList<FactValue> AllDays => Days[DayNumbers.MondayIs0];

    /// <summary>An hour of the day.</summary>
    public static FactValue OfHour(int hour) => Hours[hour];

    /// <summary>A day of the week.</summary>
    public static FactValue OfDay(DayOfWeek day, DayNumbers numbers) => Days[numbers][(int)day];

    /// <summary>The number of a day from Monday, 1, to Sunday, 7; null where a value is no day.</summary>
    public static int? IsoDay(FactValue value) => Array.IndexOf(Names, value.Text) is var day and >= 0 ? (day == 0 ? 7 : day) : null;

    /// <summary>True or false.</summary>
    public static FactValue Of(bool flag) => flag ? Yes : No;

    private static FactValue Hour24(int hour)
    {
        var text = hour.ToString(CultureInfo.InvariantCulture);
        return new FactValue { Text = text, Others = [text.PadLeft(2, '0'), text.PadLeft(2, '0') + ":00"], Number = hour };
    }

    private static FactValue Day(int day, DayNumbers numbers) => new()
    {
        Text = Names[day],
        Others = [Names[day][..3], Names[day][..2]],
        Number = numbers switch
        {
            DayNumbers.MondayIs0 => (day + 6) % 7,
            DayNumbers.MondayIs1 => ((day + 6) % 7) + 1,
            _ => day,
        },
    };
}
