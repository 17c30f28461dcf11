namespace DeepNet.Training;

/// <summary>Specifies how progress is shown.</summary>
public enum ProgressStyle
{
    /// <summary>Bars on a terminal; lines in a pipe, and where NO_COLOR or CI is set.</summary>
    Auto,

    /// <summary>A bar that moves, and a line for each epoch.</summary>
    Bars,

    /// <summary>A line for each epoch, and every ten seconds within long ones.</summary>
    Lines,

    /// <summary>Nothing.</summary>
    None,
}
