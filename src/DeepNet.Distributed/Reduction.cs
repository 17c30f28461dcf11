namespace DeepNet.Distributed;

/// <summary>Specifies how the values of all ranks become one.</summary>
public enum Reduction
{
    /// <summary>Adds them.</summary>
    Sum,

    /// <summary>Takes the largest.</summary>
    Max,

    /// <summary>Takes the smallest.</summary>
    Min,
}
