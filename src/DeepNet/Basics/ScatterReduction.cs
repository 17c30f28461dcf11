namespace DeepNet;

/// <summary>Specifies how elements that are scattered to one place are combined.</summary>
public enum ScatterReduction
{
    /// <summary>The sum.</summary>
    Sum,

    /// <summary>The product.</summary>
    Prod,

    /// <summary>The mean; of integers rounded down.</summary>
    Mean,

    /// <summary>The largest; NaN if one is. Equal ones share the gradient evenly.</summary>
    Max,

    /// <summary>The smallest; NaN if one is. Equal ones share the gradient evenly.</summary>
    Min,
}
