namespace DeepNet.Devices;

/// <summary>Specifies what is computed of the windows of a pooling.</summary>
public enum PoolKind
{
    /// <summary>The largest element of each window.</summary>
    Max,

    /// <summary>The adjoint of <see cref="Max"/>, for the places that it found.</summary>
    MaxAdjoint,

    /// <summary>The mean of each window.</summary>
    Average,

    /// <summary>The adjoint of <see cref="Average"/>.</summary>
    AverageAdjoint,
}
