namespace DeepNet.Ilgpu;

/// <summary>The door to this package: adds the machine's GPUs to <see cref="Device.All"/>.</summary>
/// <example><code>
/// IlgpuDevices.Register();
/// var device = Device.Best;
/// model.To(device);
/// </code></example>
public static class IlgpuDevices
{
    /// <summary>False if this build was made where ILGPU could not be had: then there are no GPU devices in it.</summary>
#if DEEPNET_ILGPU
    public static bool IsCompiledIn => true;
#else
    public static bool IsCompiledIn => false;
#endif

    /// <summary>
    /// Adds CUDA and OpenCL GPUs, and ILGPU's CPU accelerator for tests. Harmless when repeated, and on machines without any: what is
    /// missing is told by <see cref="Device.BestRemark"/>.
    /// </summary>
    public static void Register() => Device.Register(IlgpuProvider.Instance);

#if DEEPNET_ILGPU
    /// <summary>How exactly float32 matrix products are computed on CUDA GPUs with cuBLAS; the other devices always compute in float32.</summary>
    public static MatMulPrecision MatMulPrecision
    {
        get => CuBlas.Precision;
        set => CuBlas.Precision = value;
    }

    /// <summary>False lets the library's own kernel compute matrix products even where cuBLAS is installed; to compare the two.</summary>
    public static bool UsesMatrixLibrary { get; set; } = true;
#else
    /// <summary>Has no effect in this build, which has no GPU devices.</summary>
    public static MatMulPrecision MatMulPrecision { get; set; }

    /// <summary>Has no effect in this build, which has no GPU devices.</summary>
    public static bool UsesMatrixLibrary { get; set; } = true;

    private sealed class IlgpuProvider : DeviceProvider
    {
        private const string Why = "this build of DeepNet.Ilgpu was made without the package ILGPU";

        public static readonly IlgpuProvider Instance = new();

        public override IReadOnlyList<Device> Devices => [];

        public override IReadOnlyList<(string Kind, string? Missing)> Kinds => [("cuda", Why), ("opencl", Why), ("ilgpu-cpu", Why)];
    }
#endif
}
