namespace DeepNet.Devices;

/// <summary>
/// A device whose work goes through one stream of NVIDIA's driver, for libraries that put work of their own behind it or before it. Blocks
/// of its memory have their address on the device as <see cref="MemoryBlock.Pointer"/>.
/// </summary>
internal interface ICudaDevice
{
    /// <summary>Gets the stream, a CUstream; 0 for the driver's default one.</summary>
    nint Stream { get; }

    /// <summary>Makes the device's context current on this thread.</summary>
    void MakeCurrent();
}
