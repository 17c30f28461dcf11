namespace DeepNet.Data;

/// <summary>Specifies what repeats in a calendar.</summary>
[Flags]
public enum CalendarCycles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The time of the day.</summary>
    Day = 1,

    /// <summary>The time since the beginning of Monday.</summary>
    Week = 2,

    /// <summary>The time since the beginning of the year, as a share of its days.</summary>
    Year = 4,
}
