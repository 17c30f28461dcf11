namespace DeepNet;

/// <summary>The element type of a tensor.</summary>
/// <remarks>
/// Order matters: an operation on two types computes in the later one, except that a half type beside another type counts as
/// <see cref="Float32"/>, and <see cref="UInt8"/> beside <see cref="Int8"/> as <see cref="Int32"/>. See
/// <see cref="DTypes.Promote(DType, DType)"/>. All arithmetic on half types is float32's, rounded once at the end: products, activations
/// and arithmetic give the half type back, everything that sums, normalises or grows gives float32. See <see cref="Autocast"/>.
/// </remarks>
public enum DType : byte
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,
    /// <summary>8-bit unsigned integer: pixels. Arithmetic wraps; conversion from other types saturates.</summary>
    UInt8,
    /// <summary>8-bit signed integer: quantised weights. Arithmetic wraps; conversion from other types saturates.</summary>
    Int8,
    /// <summary>32-bit signed integer.</summary>
    Int32,
    /// <summary>64-bit signed integer; the type of indices.</summary>
    Int64,
    /// <summary>IEEE half precision: 11 bits of precision, up to 65504. Computed in float32.</summary>
    Float16,
    /// <summary>The upper half of a float32: its range, with 8 bits of precision. Computed in float32.</summary>
    BFloat16,
    /// <summary>IEEE single precision; the default.</summary>
    Float32,
    /// <summary>IEEE double precision.</summary>
    Float64,
}
