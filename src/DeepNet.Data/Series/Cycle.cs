namespace DeepNet.Data;

/// <summary>A cycle of a calendar: the share of it that has passed at a time.</summary>
internal sealed record Cycle(string Name, Func<DateTime, double> Phase)
{
    private static readonly (CalendarCycles Flag, Cycle Cycle)[] All =
    [
        (CalendarCycles.Day, new("day", time => time.TimeOfDay.TotalDays)),
        (CalendarCycles.Week, new("week", time => (((int)time.DayOfWeek + 6) % 7 + time.TimeOfDay.TotalDays) / 7)),
        (CalendarCycles.Year, new("year", time => (time.DayOfYear - 1 + time.TimeOfDay.TotalDays)
            / (DateTime.IsLeapYear(time.Year) ? 366 : 365))),
    ];

    public static Cycle[] Of(CalendarCycles cycles) => [.. All.Where(pair => cycles.HasFlag(pair.Flag)).Select(pair => pair.Cycle)];
}
