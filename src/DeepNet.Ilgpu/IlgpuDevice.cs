using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace DeepNet.Ilgpu;

/// <summary>
/// A GPU. It is opened when it is first used; all its work goes through one stream, in order, and nobody waits for it but those who read a
/// result. Its kernels are in the partial files under Kernels/.
/// </summary>
internal sealed partial class IlgpuDevice : Device
{
    private static int devices;
    [ThreadStatic] private static IlgpuDevice? bound;

    private readonly ILGPU.Runtime.Device hardware;
    private readonly string name;
    private readonly Lock opening = new();
    private Accelerator? accelerator;
    private AcceleratorStream? stream;
    private Staging? staging;
    private DeferredChecks? later;

    public IlgpuDevice(string name, Context context, ILGPU.Runtime.Device hardware)
    {
        this.name = name;
        this.hardware = hardware;
        Context = context;
        Index = Interlocked.Increment(ref devices) - 1;
        Kind = hardware switch
        {
            CudaDevice => DeviceKind.Cuda,
            CLDevice => DeviceKind.OpenCL,
            _ => DeviceKind.Emulated,
        };
        bool hasDoubles = hardware is not CLDevice cl || cl.Capabilities.Float64;
        Capabilities = (hasDoubles ? DeviceCapabilities.Float64 : DeviceCapabilities.None)
            | (Kind == DeviceKind.Cuda ? DeviceCapabilities.AsynchronousCopies : DeviceCapabilities.None)
            | (Kind == DeviceKind.Cuda && CuBlas.IsThere ? DeviceCapabilities.MatrixLibrary : DeviceCapabilities.None)
            | DeviceCapabilities.SmallIntegers
            | DeviceCapabilities.Float16 | DeviceCapabilities.BFloat16      // as bits, which kernels widen and round by themselves
            | (HasHalfProducts && CuBlas.IsThere ? DeviceCapabilities.HalfProducts : DeviceCapabilities.None);
    }

    /// <summary>True for GPUs whose matrix units take both half types: NVIDIA's from compute capability 8.0 on.</summary>
    private bool HasHalfProducts => hardware is CudaDevice { Architecture.Major: >= 8 };

    public override string Name => name;
    public override DeviceKind Kind { get; }
    public override DeviceCapabilities Capabilities { get; }

    public override string Description => hardware switch
    {
        CudaDevice cuda => $"{cuda.Name}, {MemoryReport.Size(cuda.MemorySize)}, compute capability "
            + $"{cuda.Architecture?.ToString()?.Replace("SM_", "", StringComparison.Ordinal)}",
        CLDevice cl => $"{cl.Name}, {MemoryReport.Size(cl.MemorySize)}, {cl.VendorName} OpenCL",
        _ => "kernels interpreted on the processor, for tests",
    };

    protected internal override string? WhyNotBest
        => hardware is CLDevice { DeviceType: var type } && (type & CLDeviceType.CL_DEVICE_TYPE_CPU) != 0
        ? $"{hardware.Name} is this processor, which the library's own kernels use better" : null;

    protected internal override long TotalMemory => Kind == DeviceKind.Emulated ? 0 : hardware.MemorySize;

    public Context Context { get; }

    /// <summary>Its place in the launchers' tables.</summary>
    public int Index { get; }

    /// <summary>Threads in a group: a power of two.</summary>
    public int GroupSize { get; private set; }

    /// <summary>Groups that are launched at most: enough to fill the device several times over.</summary>
    public int MostGroups { get; private set; }

    /// <summary>Kernels launched so far.</summary>
    public long Launches { get; set; }

    /// <summary>Gets the number of waits for the device.</summary>
    public long Waits { get; private set; }

    /// <summary>Waits until everything asked so far is done. The gate must be held.</summary>
    public void Wait()
    {
        Waits++;
        Stream.Synchronize();
    }

    /// <summary>Held while something is asked of the driver.</summary>
    public Lock Gate { get; } = new();

    public Accelerator Accelerator => accelerator ?? Open();

    public AcceleratorStream Stream => stream!;

    /// <summary>The way of copies from and to the processor.</summary>
    public Staging Staging => staging!;

    protected internal override bool TryOpen([NotNullWhen(false)] out string? why)
    {
        try
        {
            _ = Accelerator;
            why = null;
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            why = e.InnerException is null ? e.Message : $"{e.Message} ({e.InnerException.Message})";
            return false;
        }
    }

    private Accelerator Open()
    {
        lock (opening)
        {
            if (accelerator is not null) return accelerator;
            var opened = hardware.CreateAccelerator(Context);
            stream = opened.DefaultStream;
            staging = new Staging(this);
            GroupSize = Loaded.PowerOfTwo(opened.MaxNumThreadsPerGroup, Folding.MostThreads);
            MostGroups = Kind == DeviceKind.Emulated ? 2 : Math.Max(64, 32 * opened.NumMultiprocessors);
            Processors = opened.NumMultiprocessors;
            Limits = new(GroupSize, opened.MaxSharedMemoryPerGroup,
                hardware is not CLDevice { Vendor: not (CLDeviceVendor.Nvidia or CLDeviceVendor.AMD) });
            return accelerator = opened;
        }
    }

    /// <summary>Makes the device current on this thread; the driver wants that of every thread that talks to it.</summary>
    [MethodImpl(AggressiveInlining)]
    public void Bind()
    {
        if (ReferenceEquals(bound, this)) return;
        Accelerator.Bind();
        bound = this;
    }

    public override void Synchronize()
    {
        if (accelerator is null) return;
        lock (Gate)
        {
            Bind();
            Wait();
        }
        Later.Look();
    }

    /// <summary>Gets the checks that are evaluated when the device is next waited for.</summary>
    public DeferredChecks Later => later ??= new(this);

    protected override IBlockSource CreateBlockSource() => new IlgpuBlocks(this);

    /// <summary>
    /// Compiles a kernel. One that fails leaves traces in the compiler's caches that would fail the next ones, so those are cleared.
    /// </summary>
    public Loaded<TLaunch> Load<TLaunch>(string operation, Type job, MethodInfo entry, KernelSpecialization fit = default)
        where TLaunch : Delegate
    {
        _ = Accelerator;
        lock (Gate)
        {
            Bind();
            try
            {
                var launch = Compile<TLaunch>(entry, fit);
                EntryPoints.Known.TryAdd(entry, (job, fit));
                return new(launch, Loaded.ThreadsOf(launch, Accelerator, GroupSize));
            }
            catch (Exception e)
            {
                Context.ClearCache(ClearCacheMode.Everything);
                var cause = e;
                while (cause.InnerException is not null) cause = cause.InnerException;
                throw new KernelException(
                    $"[{operation}] {Name} ({Description}) cannot compile the kernel {Readable(job)}: {cause.Message}\n"
                    + (cause is CapabilityNotSupportedException && !Supports(DType.Float64)
                        ? "The device has no float64, which powers, running sums and products, and doubles in the fields of formulas "
                        + "need (a Setting does not). "
                        : "An operator of your own may use what a GPU compiler does not know: calls into the base library, throw, "
                        + "arrays, virtual calls. ")
                    + "The device can still be used, and the operator runs on the processor: x.To(Device.Cpu).", e);
            }
        }
    }

    private TLaunch Compile<TLaunch>(MethodInfo entry, KernelSpecialization fit) where TLaunch : Delegate
    {
        if (Kind != DeviceKind.OpenCL) return Accelerator.LoadKernel<TLaunch>(entry, fit);
        var compiled = (CLCompiledKernel)Accelerator.CompileKernel(EntryPointDescription.FromExplicitlyGroupedKernel(entry), fit);
        return Accelerator.LoadKernel(StableSource.Of(Context, compiled)).CreateLauncherDelegate<TLaunch>();
    }

    private static string Readable(Type type) => !type.IsGenericType ? type.Name
        : $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Readable))}>";

    /// <summary>The elements of a tensor from its first one on.</summary>
    internal ArrayView<T> View<T>(Tensor tensor) where T : unmanaged => View<T>(tensor, tensor.Offset);

    /// <summary>All elements of the memory that a tensor lies in; for layouts that may run backwards.</summary>
    internal ArrayView<T> Whole<T>(Tensor tensor) where T : unmanaged => View<T>(tensor, 0);

    private ArrayView<T> View<T>(Tensor tensor, nint offset) where T : unmanaged
    {
        var buffer = (MemoryBuffer)Locate(tensor).Memory.Handle!;
        return new ArrayView<T>(buffer, offset, buffer.LengthInBytes / Unsafe.SizeOf<T>() - offset);
    }

    /// <summary>Brings bytes to the processor.</summary>
    /// <param name="from">What is wanted.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="beside">A few bytes more, for which there is no wait of their own.</param>
    /// <param name="toBeside">Where these go.</param>
    internal unsafe void Fetch(ArrayView<byte> from, void* to, ArrayView<byte> beside = default, void* toBeside = null)
    {
        lock (Gate)
        {
            Bind();
            Staging.Download(from, (byte*)to, beside, (byte*)toBeside);
        }
    }

    internal void Run<TJob>(in TJob job, long count) where TJob : struct, IJob => Launcher<TJob>.Run(this, job, count);

    /// <summary>
    /// Runs a job on dense operands by fours, where each of them starts at a multiple of 16 bytes: whole tensors always do. Not with
    /// OpenCL: its source, as ILGPU writes it, cannot say that fours are aligned, so they would be read number by number, 16 bytes apart
    /// from thread to thread.
    /// </summary>
    internal void RunWide<TJob>(in TJob job, nint count, bool isAligned) where TJob : struct, IWideJob
    {
        if (isAligned && count <= MostWide && Kind != DeviceKind.OpenCL) WideLauncher<TJob>.Run(this, job, (int)count);
        else Launcher<TJob>.Run(this, job, count);
    }

    // One turn of a grid more than this still fits 32 bits.
    private const nint MostWide = 1 << 30;

    /// <summary>
    /// True if the elements start where wide accesses may: at 16 bytes, and at a whole four, in which a cast view counts. Missing ones do.
    /// </summary>
    internal static bool IsAligned(Tensor? tensor)
        => tensor is null || ((tensor.Offset * tensor.DType.Size() & (Fours.Alignment - 1)) | (tensor.Offset & 3)) == 0;

    internal void RunGroups<TJob>(in TJob job, long groups) where TJob : struct, IGroupJob => GroupLauncher<TJob>.Run(this, job, groups);

    // Elements of a row that a thread should have before another helps it; threads of a group that short rows share.
    private const int LeastOfRow = 4, SharedGroup = 128;

    /// <summary>Runs a job of rows that are dealt out as its share has it.</summary>
    internal void RunRows<TJob>(in TJob job, in RowPartition share) where TJob : struct, IGroupJob
    {
        long rows = share.Count;
        int lanes = 1 << share.Across, threads = Math.Max(lanes, Math.Min(GroupSize, SharedGroup)), each = threads / lanes;
        // Few short rows: as many groups as there is work for.
        while (each > 1 && threads > 32 && rows / each < Processors) (each, threads) = (each / 2, threads / 2);
        GroupLauncher<TJob>.Run(this, job, (rows + each - 1) / each, threads);
    }

    /// <summary>Divides rows of a length among groups; wide where all tensors that are read or written by rows begin at 16 bytes.</summary>
    internal RowPartition PartitionOf(long rows, long length, params ReadOnlySpan<Tensor> tensors)
    {
        bool isWide = (length & 3) == 0 && Kind != DeviceKind.OpenCL;
        foreach (var tensor in tensors) isWide &= IsAligned(tensor) && tensor.DType.Size() >= 4;
        return new() { Count = rows, Length = length, Across = Across(length), IsWide = isWide ? 1 : 0 };
    }

    // A thread alone where a row is so short that helpers would cost more than they do.
    private int Across(long length)
    {
        _ = Accelerator;
        int across = 0;
        if (length <= 4 * LeastOfRow && GroupSize > 2) return across;
        while (2 << across <= GroupSize && (long)LeastOfRow << across < length) across++;
        return across;
    }

    /// <summary>A dense tensor for intermediate results; give it back with <see cref="Done"/>.</summary>
    private Tensor Temporary(DType dtype, params ReadOnlySpan<int> shape) => Tensor.Allocate(new Shape(shape), dtype, this);

    /// <summary>Gives memory back at once: what is queued runs before whatever uses it next.</summary>
    private static void Done(Tensor? temporary) => temporary?.Storage.Release();

    private static NotSupportedException Unsupported(string op, DType dtype)
        => new($"[{op}] is not defined on {dtype.Name()} tensors. Convert first: x.To(DType.Float32).");
}
