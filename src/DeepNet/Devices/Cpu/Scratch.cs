using System.Runtime.ConstrainedExecution;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// A native buffer per thread for what a kernel needs only while it runs. It grows to the largest request (kernels work in
/// blocks, so that is a few MiB) and is freed when its thread has ended.
/// </summary>
internal sealed unsafe class Scratch : CriticalFinalizerObject
{
    private const nuint LargeEnough = NativeBlocks.HugePage / 4;

    [ThreadStatic]
    private static Scratch? current;

    [ThreadStatic]
    private static Scratch? outer;

    [ThreadStatic]
    private static Scratch? part;

    [ThreadStatic]
    private static Scratch? result;

    private void* buffer;
    private nuint size;

    private Scratch()
    {
    }

    ~Scratch() => NativeBlocks.Release((nint)buffer);

    /// <summary>
    /// At least <paramref name="bytes"/> bytes of undefined content, aligned to 64, valid until this thread asks again: a
    /// kernel that holds them calls no other kernel on the same thread.
    /// </summary>
    public static void* Get(nint bytes) => Get(ref current, bytes);

    /// <summary>The same for a kernel that calls matrix products while it holds the buffer: theirs is another one.</summary>
    public static void* GetOuter(nint bytes) => Get(ref outer, bytes);

    /// <summary>The same for a part of a kernel that runs on any thread, also on the one that holds the kernel's buffer.</summary>
    public static void* GetPart(nint bytes) => Get(ref part, bytes);

    /// <summary>The same for a result that goes elsewhere at last, while a kernel packs its operands.</summary>
    public static void* GetResult(nint bytes) => Get(ref result, bytes);

    private static void* Get(ref Scratch? place, nint bytes)
    {
        Scratch scratch = place ??= new Scratch();
        if (scratch.size < (nuint)bytes)
            scratch.Grow((nuint)bytes);
        return scratch.buffer;
    }

    private void Grow(nuint bytes)
    {
        NativeBlocks.Release((nint)buffer);
        buffer = null;
        size = 0; // should the next line throw
        // Packed matrices are walked through over and over: whole huge pages, where the system has them, spare the lookups.
        if (bytes > LargeEnough) bytes = (bytes + NativeBlocks.HugePage - 1) / NativeBlocks.HugePage * NativeBlocks.HugePage;
        buffer = (void*)NativeBlocks.Request((long)bytes);
        size = bytes;
    }
}
