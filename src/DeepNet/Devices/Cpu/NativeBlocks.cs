using System.Runtime.InteropServices;

namespace DeepNet.Devices.Cpu;

/// <summary>System memory: aligned to a cache line, and from 2 MiB on to a huge page, which the system is asked for.</summary>
internal sealed unsafe partial class NativeBlocks : IBlockSource
{
    public const int HugePage = 2 << 20;

    private const int CacheLine = 64, MadviseHugePage = 14;

    private static bool canAdvise = OperatingSystem.IsLinux(), canTrim = OperatingSystem.IsLinux();

    public MemoryBlock Allocate(long bytes) => new(Request(bytes), null, bytes);

    public void Free(MemoryBlock block) => Release(block.Pointer);

    public void Upload(void* from, MemoryBlock to, long offset, long bytes)
        => Buffer.MemoryCopy(from, (byte*)to.Pointer + offset, bytes, bytes);

    public void Download(MemoryBlock from, long offset, long bytes, void* to)
        => Buffer.MemoryCopy((byte*)from.Pointer + offset, to, bytes, bytes);

    // glibc keeps what was freed in small pieces; other C libraries have no such call and give pages back by themselves.
    public void Trim()
    {
        if (!canTrim) return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            canTrim = false;
        }
    }

    /// <summary>Memory of undefined content; it stands until <see cref="Release"/>.</summary>
    public static nint Request(long bytes)
    {
        void* p = NativeMemory.AlignedAlloc((nuint)bytes, (nuint)(bytes >= HugePage ? HugePage : CacheLine));
        if (bytes >= HugePage && canAdvise) Advise(p, bytes);
        return (nint)p;
    }

    public static void Release(nint pointer) => NativeMemory.AlignedFree((void*)pointer);

    private static void Advise(void* p, long bytes)
    {
        try
        {
            _ = Madvise(p, (nuint)bytes, MadviseHugePage);   // advice: whether it is taken changes speed only
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            canAdvise = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallocTrim(nuint padding);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Madvise(void* address, nuint length, int advice);
}
