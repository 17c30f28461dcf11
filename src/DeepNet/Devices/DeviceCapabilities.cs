namespace DeepNet;

/// <summary>What a device can do beyond float32 and integers.</summary>
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
}
