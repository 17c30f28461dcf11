namespace DeepNet;

/// <summary>Specifies what a device can compute beyond float32 and integers.</summary>
[Flags]
public enum DeviceCapabilities
{
    /// <summary>Float32, integers and bool, which every device has.</summary>
    None = 0,

    /// <summary>Arithmetic in float64.</summary>
    Float64 = 1,

    /// <summary>A vendor's matrix library is used for products.</summary>
    MatrixLibrary = 2,

    /// <summary>Copies from and to the host run beside the caller, through page-locked memory.</summary>
    AsynchronousCopies = 4,

    /// <summary>Products and formulas on float16, computed in float32: <see cref="Autocast"/> to it.</summary>
    Float16 = 8,

    /// <summary>Products and formulas on bfloat16, computed in float32: <see cref="Autocast"/> to it.</summary>
    BFloat16 = 16,

    /// <summary>Products of 16-bit types by hardware made for them, so that they are faster than float32 and not just smaller.</summary>
    HalfProducts = 32,

    /// <summary>Elements of the types uint8 and int8.</summary>
    SmallIntegers = 64,
}
