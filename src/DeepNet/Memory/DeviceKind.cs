namespace DeepNet;

/// <summary>Specifies the hardware and the driver behind a <see cref="Device"/>.</summary>
public enum DeviceKind
{
    /// <summary>The processor, with this library's own SIMD kernels.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through its driver.</summary>
    Cuda,

    /// <summary>A GPU of any maker, or another accelerator, through OpenCL.</summary>
    OpenCL,

    /// <summary>
    /// GPU kernels interpreted on the processor: slow, for tests and debugging alone. Never chosen as <see cref="Device.Best"/>.
    /// </summary>
    Emulated,

    /// <summary>A device of another package, which is found by its name alone.</summary>
    Other,
}
