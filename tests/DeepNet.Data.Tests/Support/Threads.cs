using System.Diagnostics;

namespace DeepNet.Data.Tests;

/// <summary>Loader threads that are alive in this process, by the name that the system knows them by.</summary>
internal static class Threads
{
    public static int Loaders() => Directory.Exists("/proc/self/task")
        ? Directory.EnumerateDirectories("/proc/self/task").Count(task => Name(task).StartsWith("DeepNet loader", StringComparison.Ordinal))
        : 0;

    /// <summary>Waits until the system, too, has noticed that threads ended.</summary>
    public static int LoadersAfterAWhile()
    {
        var watch = Stopwatch.StartNew();
        while (Loaders() > 0 && watch.Elapsed < TimeSpan.FromSeconds(5)) Thread.Sleep(10);
        return Loaders();
    }

    private static string Name(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
