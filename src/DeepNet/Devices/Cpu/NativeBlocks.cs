using System.Runtime.InteropServices;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// System memory, aligned to a cache line. From 2 MiB on the system is asked for huge pages, and blocks of 64 KiB and more share one:
/// what lies together in physical memory meets itself nowhere in the second-level cache, which a weight of 400 KB all but fills.
/// </summary>
internal sealed unsafe partial class NativeBlocks : IBlockSource
{
    private const int CacheLine = 64, HugePage = 2 << 20, MadviseHugePage = 14;

    /// <summary>The sizes of blocks that share a page: a quarter of it at most, so that little is left over at its end.</summary>
    private const int LeastShared = 64 << 10, MostShared = HugePage / 4;

    private static bool canAdvise = OperatingSystem.IsLinux();

    private readonly Lock gate = new();
    private SharedPage? current;

    public nint Allocate(long bytes, out object? handle)
    {
        if (canAdvise && bytes is >= LeastShared and <= MostShared) return AllocateShared(bytes, out handle);
        handle = null;
        void* p = NativeMemory.AlignedAlloc((nuint)bytes, (nuint)(bytes >= HugePage ? HugePage : CacheLine));
        if (bytes >= HugePage && canAdvise) Advise(p, bytes);
        return (nint)p;
    }

    private nint AllocateShared(long bytes, out object? handle)
    {
        lock (gate)
        {
            if (current is null || current.Used + bytes > HugePage)
            {
                void* p = NativeMemory.AlignedAlloc(HugePage, HugePage);
                Advise(p, HugePage);
                current = new SharedPage((nint)p);
            }
            handle = current;
            nint at = current.Start + (nint)current.Used;
            current.Used += bytes;
            current.Blocks++;
            return at;
        }
    }

    public void Free(nint pointer, object? handle, long bytes)
    {
        if (handle is SharedPage page) Free(page);
        else NativeMemory.AlignedFree((void*)pointer);
    }

    private void Free(SharedPage page)
    {
        lock (gate)
        {
            if (--page.Blocks > 0) return;
            if (page == current) page.Used = 0;
            else NativeMemory.AlignedFree((void*)page.Start);
        }
    }

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

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Madvise(void* address, nuint length, int advice);

    /// <summary>A huge page that is handed out from its start on, and given back with the last of its blocks.</summary>
    private sealed class SharedPage(nint start)
    {
        public readonly nint Start = start;
        public long Used;
        public int Blocks;
    }
}
