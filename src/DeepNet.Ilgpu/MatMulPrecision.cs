namespace DeepNet.Ilgpu;

/// <summary>Specifies the precision of float32 matrix products where a vendor's library has tensor cores for them.</summary>
public enum MatMulPrecision
{
    /// <summary>In float32, as on the processor.</summary>
    Float32,

    /// <summary>Factors rounded to 11 bits (TF32), sums in float32: several times as fast, and enough for most training.</summary>
    TensorFloat32,

    /// <summary>Factors rounded to 8 bits (bfloat16), sums in float32.</summary>
    BFloat16,
}
