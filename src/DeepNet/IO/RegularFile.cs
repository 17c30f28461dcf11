using System.Runtime.InteropServices;

namespace DeepNet.IO;

/// <summary>Tells regular files from pipes, sockets and devices, which block when they are opened, never end, or are replaced by a file.</summary>
internal static partial class RegularFile
{
    private const int AtCurrentFolder = -100, StatxBytes = 256, ModeOffset = 28, TypeMask = 0xF000, TypeRegular = 0x8000, TypeFolder = 0x4000;
    private const uint StatxType = 1;

    private static bool canAsk = OperatingSystem.IsLinux();

    /// <summary>True if something of this name exists that is neither a regular file nor a folder. Links are followed. On Linux only; false elsewhere.</summary>
    public static bool IsSpecial(string path)
    {
        if (!canAsk) return false;
        Span<byte> status = stackalloc byte[StatxBytes];
        try
        {
            if (Statx(AtCurrentFolder, path, 0, StatxType, status) != 0) return false;   // opening it tells why
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            canAsk = false;
            return false;
        }
        int type = MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask;
        return type is not (TypeRegular or TypeFolder);
    }

    // The layout of statx is that of the kernel, the same on every architecture; that of stat is not.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);
}
