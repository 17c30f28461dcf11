using System.Runtime.InteropServices;

namespace DeepNet.Distributed.Mpi;

/// <summary>Functions of the C library.</summary>
internal static unsafe partial class Libc
{
    /// <summary>
    /// Sets a variable where native libraries look for it, unless the user has;
    /// <see cref="Environment.SetEnvironmentVariable(string, string)"/> reaches managed code alone.
    /// </summary>
    public static void SetVariable(string name, string value)
    {
        if (OperatingSystem.IsWindows()) Environment.SetEnvironmentVariable(name, value);
        else _ = SetEnv(name, value, 0);
    }

    /// <summary>Ends the process at once, whatever its threads are doing.</summary>
    public static void Exit(int code)
    {
        if (OperatingSystem.IsWindows()) Environment.FailFast(null);
        else ExitNow(code);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);
}
