using System.Runtime.InteropServices;
using System.Text;

namespace DeepNet.Distributed.Nccl;

/// <summary>The functions of NVIDIA's driver for streams, events and a kernel of our own.</summary>
internal static unsafe class CudaDriver
{
    private const int NonBlocking = 1, WithoutTimes = 2;

    private static readonly nint Library = NativeLibrary.Load("libcuda.so.1");
    private static readonly delegate* unmanaged<nint*, uint, int> CreateStream =
        (delegate* unmanaged<nint*, uint, int>)Function("cuStreamCreate");
    private static readonly delegate* unmanaged<nint, int> DestroyStream = (delegate* unmanaged<nint, int>)Function("cuStreamDestroy_v2");
    private static readonly delegate* unmanaged<nint, int> SynchronizeStream =
        (delegate* unmanaged<nint, int>)Function("cuStreamSynchronize");
    private static readonly delegate* unmanaged<nint, nint, uint, int> StreamWaitEvent =
        (delegate* unmanaged<nint, nint, uint, int>)Function("cuStreamWaitEvent");
    private static readonly delegate* unmanaged<nint*, uint, int> CreateEvent =
        (delegate* unmanaged<nint*, uint, int>)Function("cuEventCreate");
    private static readonly delegate* unmanaged<nint, int> DestroyEvent = (delegate* unmanaged<nint, int>)Function("cuEventDestroy_v2");
    private static readonly delegate* unmanaged<nint, nint, int> RecordEvent =
        (delegate* unmanaged<nint, nint, int>)Function("cuEventRecord");
    private static readonly delegate* unmanaged<nint*, byte*, int> LoadModule =
        (delegate* unmanaged<nint*, byte*, int>)Function("cuModuleLoadData");
    private static readonly delegate* unmanaged<nint, int> UnloadModule = (delegate* unmanaged<nint, int>)Function("cuModuleUnload");
    private static readonly delegate* unmanaged<nint*, nint, byte*, int> GetFunction =
        (delegate* unmanaged<nint*, nint, byte*, int>)Function("cuModuleGetFunction");
    private static readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel =
        (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Function("cuLaunchKernel");

    /// <summary>Makes a stream that the driver's default one does not wait for, nor the other way round.</summary>
    public static nint NewStream()
    {
        nint stream;
        Check(CreateStream(&stream, NonBlocking), "cuStreamCreate");
        return stream;
    }

    public static void Destroy(nint stream) => Check(DestroyStream(stream), "cuStreamDestroy");

    /// <summary>Waits until all is done that was asked of the stream.</summary>
    public static void Synchronize(nint stream) => Check(SynchronizeStream(stream), "cuStreamSynchronize");

    public static nint NewEvent()
    {
        nint made;
        Check(CreateEvent(&made, WithoutTimes), "cuEventCreate");
        return made;
    }

    public static void Forget(nint mark) => Check(DestroyEvent(mark), "cuEventDestroy");

    /// <summary>Has an event happen when all is done that was asked of a stream so far.</summary>
    public static void Record(nint mark, nint stream) => Check(RecordEvent(mark, stream), "cuEventRecord");

    /// <summary>Has what is asked of a stream from now on wait for an event; the caller does not wait.</summary>
    public static void Wait(nint stream, nint mark) => Check(StreamWaitEvent(stream, mark, 0), "cuStreamWaitEvent");

    /// <summary>Compiles kernels for the device that is current.</summary>
    public static nint Load(string ptx)
    {
        nint module;
        fixed (byte* text = Text(ptx)) Check(LoadModule(&module, text), "cuModuleLoadData");
        return module;
    }

    public static void Unload(nint module) => Check(UnloadModule(module), "cuModuleUnload");

    public static nint Kernel(nint module, string name)
    {
        nint kernel;
        fixed (byte* text = Text(name)) Check(GetFunction(&kernel, module, text), "cuModuleGetFunction");
        return kernel;
    }

    /// <summary>Launches a kernel, whose parameters lie side by side as it declares them.</summary>
    public static void Launch<T>(nint kernel, uint groups, uint threads, nint stream, T parameters) where T : unmanaged
    {
        const int Buffer = 1, BufferSize = 2;
        nuint size = (nuint)sizeof(T);
        void** extra = stackalloc void*[] { (void*)Buffer, &parameters, (void*)BufferSize, &size, null };
        Check(LaunchKernel(kernel, groups, 1, 1, threads, 1, 1, 0, stream, null, extra), "cuLaunchKernel");
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private static nint Function(string name) => NativeLibrary.GetExport(Library, name);

    private static void Check(int code, string what)
    {
        if (code != 0) throw new DistributedException($"[data_parallel] {what} failed with error {code} of the CUDA driver.");
    }
}
