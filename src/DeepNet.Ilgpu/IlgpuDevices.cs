namespace DeepNet.Ilgpu;

/// <summary>The door to this package: adds the machine's GPUs to <see cref="Device.All"/>.</summary>
/// <example><code>
/// IlgpuDevices.Register();
/// var device = Device.Best;
/// model.To(device);
/// </code></example>
public static class IlgpuDevices
{
    /// <summary>
    /// Adds CUDA and OpenCL GPUs, and ILGPU's CPU accelerator for tests. Harmless when repeated, and on machines without any: what is
    /// missing is told by <see cref="Device.BestRemark"/>.
    /// </summary>
    public static void Register() => Device.Register(IlgpuProvider.Instance);

    /// <summary>
    /// Gets or sets the precision of float32 matrix products on CUDA GPUs with cuBLAS; other devices always compute in float32.
    /// </summary>
    public static MatMulPrecision MatMulPrecision
    {
        get => CuBlas.Precision;
        set => CuBlas.Precision = value;
    }

    /// <summary>False lets the library's own kernel compute matrix products even where cuBLAS is installed; to compare the two.</summary>
    public static bool UsesMatrixLibrary { get; set; } = true;
}
