namespace DeepNet.Nn;

/// <summary>Specifies what becomes of the losses of single elements.</summary>
public enum Reduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their sum over the length of the first axis: what the divergence of distributions is usually meant to be.</summary>
    BatchMean,

    /// <summary>Nothing: the losses as they are.</summary>
    None,
}
