using System.Runtime.InteropServices;

namespace DeepNet.IO;

/// <summary>System calls on files that .NET has no method for. Where the system lacks them, they do nothing.</summary>
internal static partial class UnixFiles
{
    private const int CurrentFolder = -100, TypeOnly = 1;                                   // AT_FDCWD, STATX_TYPE
    private const int StatxBytes = 256, ModeAt = 28;
    private const int TypeMask = 0xF000, Pipe = 0x1000, Characters = 0x2000, Blocks = 0x6000, Socket = 0xC000;
    private const int ReadOnly = 0, CloseOnExec = 0x80000;
    private const int NoPermission = 13, Invalid = 22, NotSupported = 95;                   // EACCES, EINVAL, EOPNOTSUPP

    /// <summary>
    /// Gets what a path names if that is neither a file nor a folder, such as "a device"; null otherwise. Known on Linux.
    /// </summary>
    public static unsafe string? SpecialKind(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        byte* result = stackalloc byte[StatxBytes];
        try
        {
            // Where nothing is there, or it is out of sight, opening it tells more.
            if (Statx(CurrentFolder, path, 0, TypeOnly, result) != 0) return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
        return (*(ushort*)(result + ModeAt) & TypeMask) switch
        {
            Pipe => "a pipe",
            Characters or Blocks => "a device",
            Socket => "a socket",
            _ => null,
        };
    }

    /// <summary>Flushes the names in a folder to the disk. Other systems than Linux do without.</summary>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            int handle = Open(folder, ReadOnly | CloseOnExec);
            int error = handle < 0 || Fsync(handle) != 0 ? Marshal.GetLastPInvokeError() : 0;
            if (handle >= 0) _ = Close(handle);
            // Folders that may be written into but not read, and file systems that do not flush folders, are no fault.
            if (error is not (0 or NoPermission or Invalid or NotSupported)) throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system without libc under that name.
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
