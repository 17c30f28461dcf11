namespace DeepNet;

/// <summary>The element type of a tensor.</summary>
/// <remarks>
/// Order matters: an operation on two types computes in the later one, except that the half types are for storage and
/// conversion only and take part in arithmetic as <see cref="Float32"/>. See <see cref="DTypes.Promote(DType, DType)"/>.
/// </remarks>
public enum DType : byte
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,
    /// <summary>32-bit signed integer.</summary>
    Int32,
    /// <summary>64-bit signed integer; the type of indices.</summary>
    Int64,
    /// <summary>IEEE half precision: storage and conversion.</summary>
    Float16,
    /// <summary>The upper half of a float32: storage and conversion.</summary>
    BFloat16,
    /// <summary>IEEE single precision; the default.</summary>
    Float32,
    /// <summary>IEEE double precision.</summary>
    Float64,
}
