using System.Diagnostics.CodeAnalysis;

namespace DeepNet;

// Which devices there are, and what is known of them.
public abstract partial class Device
{
    private DeviceMemory? memory;

    /// <summary>
    /// The devices of this machine: the processor first, then those of registered backends. Nothing is opened by looking.
    /// </summary>
    public static IReadOnlyList<Device> All => DeviceRegistry.All;

    /// <summary>
    /// The fastest device that works: a CUDA GPU, else an OpenCL one, else the processor. A GPU that is there and does not open is passed
    /// over, and so is an OpenCL driver for the processor, which the library's own kernels are faster than; <see cref="BestRemark"/> says
    /// why.
    /// </summary>
    public static Device Best => DeviceRegistry.Best.Device;

    /// <summary>Gets a line to show about <see cref="Best"/>: its name, and the reason if it is no GPU.</summary>
    public static string BestRemark => DeviceRegistry.Best.Remark;

    /// <summary>
    /// The device of a name: <c>cpu</c>, <c>cuda:0</c>, <c>opencl:1</c>, <c>ilgpu-cpu</c>; without a number the first of its kind.
    /// <c>best</c>
    /// is <see cref="Best"/>, <c>gpu</c> the same where it is a GPU.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such device; the message lists those that there are, and why not that
    /// one.</exception>
    public static Device Parse(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return DeviceRegistry.Parse(name);
    }

    /// <summary>The device of a name, if there is one; the rest as in <see cref="Parse"/>.</summary>
    public static bool TryParse(string? name, [NotNullWhen(true)] out Device? device)
    {
        device = null;
        if (string.IsNullOrEmpty(name)) return false;
        try
        {
            device = DeviceRegistry.Parse(name);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Adds a backend's devices; harmless when repeated. Programs call the backend's own method for it.</summary>
    public static void Register(DeviceProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        DeviceRegistry.Add(provider);
    }

    /// <summary>Gets the kind of hardware and driver.</summary>
    public abstract DeviceKind Kind { get; }

    /// <summary>The product's name and what is worth knowing of it, for people.</summary>
    public abstract string Description { get; }

    /// <summary>Gets the capabilities beyond float32 and integers.</summary>
    public abstract DeviceCapabilities Capabilities { get; }

    /// <summary>Gets the use of the device's memory.</summary>
    public DeviceMemory Memory => memory ??= new DeviceMemory(this);

    /// <summary>
    /// Waits until everything asked of the device so far is done. Only measurements need it: whatever reads a result waits for it.
    /// </summary>
    public virtual void Synchronize() { }

    /// <summary>True if tensors of this element type can be computed with.</summary>
    public bool Supports(DType dtype) => dtype switch
    {
        DType.UInt8 or DType.Int8 => (Capabilities & DeviceCapabilities.SmallIntegers) != 0,
        DType.Float64 => (Capabilities & DeviceCapabilities.Float64) != 0,
        DType.Float16 => (Capabilities & DeviceCapabilities.Float16) != 0,
        DType.BFloat16 => (Capabilities & DeviceCapabilities.BFloat16) != 0,
        _ => true,
    };

    /// <summary>Opens the device if it is not open yet, and says in one line why it cannot be used.</summary>
    protected internal virtual bool TryOpen([NotNullWhen(false)] out string? why)
    {
        why = null;
        return true;
    }

    /// <summary>Gets the reason why a working device is not chosen as the best one; null if there is none.</summary>
    protected internal virtual string? WhyNotBest => null;

    /// <summary>Gets the size of the device's memory in bytes; 0 if it is not known.</summary>
    protected internal virtual long TotalMemory => 0;
}
