namespace DeepNet.Plots;

/// <summary>Specifies where the names of a plot's series stand.</summary>
public enum LegendPlace
{
    /// <summary>In a corner that covers no data, or outside if there is none.</summary>
    Auto,

    /// <summary>Inside, top right.</summary>
    TopRight,

    /// <summary>Inside, top left.</summary>
    TopLeft,

    /// <summary>Inside, bottom right.</summary>
    BottomRight,

    /// <summary>Inside, bottom left.</summary>
    BottomLeft,

    /// <summary>Right of the axes.</summary>
    Right,

    /// <summary>Below the axes.</summary>
    Below,

    /// <summary>Nowhere.</summary>
    None,
}
