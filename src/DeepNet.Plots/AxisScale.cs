namespace DeepNet.Plots;

/// <summary>Specifies how an axis, or a scale of colours, spaces its numbers.</summary>
public enum AxisScale
{
    /// <summary>Equal differences are equally long.</summary>
    Linear,

    /// <summary>Equal ratios are equally long. What is not positive has no place on it and is left out.</summary>
    Log,
}
