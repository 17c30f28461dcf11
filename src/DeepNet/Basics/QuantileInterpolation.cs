namespace DeepNet;

/// <summary>Specifies what a quantile is whose position lies between two elements.</summary>
public enum QuantileInterpolation
{
    /// <summary>Between both, by the position.</summary>
    Linear,

    /// <summary>The smaller element.</summary>
    Lower,

    /// <summary>The larger element.</summary>
    Higher,

    /// <summary>The mean of both.</summary>
    Midpoint,

    /// <summary>The nearer element; halfway, the one with the even rank.</summary>
    Nearest,
}
