using System.Globalization;
using System.Runtime.InteropServices;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace DeepNet.Ilgpu;

/// <summary>Finds the devices that ILGPU sees, each in a context of its own, so that one that misbehaves harms no other.</summary>
internal sealed class IlgpuProvider : DeviceProvider
{
    public static readonly IlgpuProvider Instance = new();

    private readonly Lazy<(IReadOnlyList<Device> Devices, IReadOnlyList<(string, string?)> Kinds)> found = new(Look);

    private IlgpuProvider() { }

    public override IReadOnlyList<Device> Devices => found.Value.Devices;

    public override IReadOnlyList<(string Kind, string? Missing)> Kinds => found.Value.Kinds;

    private static (IReadOnlyList<Device>, IReadOnlyList<(string, string?)>) Look()
    {
        NativeLibraries.Install();
        var devices = new List<Device>();
        string? noCuda = Add(devices, "cuda", builder => builder.Cuda(), context => context.GetCudaDevices().Count,
            (context, i) => context.GetCudaDevice(i));
        string? noOpenCL = Add(devices, "opencl", builder => builder.OpenCL(), context => context.GetCLDevices().Count,
            (context, i) => context.GetCLDevice(i));

        var emulated = NewContext(builder => builder.CPU(new CPUDevice(2, 1, 1)));
        devices.Add(new IlgpuDevice("ilgpu-cpu", emulated, emulated.GetCPUDevice(0)));
        return (devices, [("cuda", noCuda ?? WhyNoCuda(devices)), ("opencl", noOpenCL ?? WhyNoOpenCL(devices)), ("ilgpu-cpu", null)]);
    }

    private static string? Add(
        List<Device> devices, string kind, Action<Context.Builder> add, Func<Context, int> count,
        Func<Context, int, ILGPU.Runtime.Device> get)
    {
        try
        {
            using var probe = NewContext(add);
            int n = count(probe);
            for (int i = 0; i < n; i++)
            {
                var context = NewContext(add);
                devices.Add(new IlgpuDevice(string.Create(CultureInfo.InvariantCulture, $"{kind}:{i}"), context, get(context, i)));
            }
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.Message;                            // a broken driver is a missing one
        }
    }

    private static Context NewContext(Action<Context.Builder> add) => Context.Create(builder =>
    {
        // Inlining is ILGPU's default, O1 too: O2 has been seen to miscompile switches.
        add(builder.Optimize(OptimizationLevel.O1).Math(MathMode.Default));
    });

    private static string? WhyNoCuda(List<Device> devices)
    {
        if (devices.Any(d => d.Kind == DeviceKind.Cuda)) return null;
        return NativeLibraries.TryLoadCuda(out _) ? "the driver shows no GPU" : $"no NVIDIA driver ({NativeLibraries.CudaNames[0]})";
    }

    private static string? WhyNoOpenCL(List<Device> devices)
    {
        if (devices.Any(d => d.Kind == DeviceKind.OpenCL)) return null;
        return NativeLibraries.TryLoadOpenCL(out _) ? "no device with OpenCL 2.0 and a generic address space"
            : $"no OpenCL driver ({NativeLibraries.OpenCLNames[0]})";
    }
}
