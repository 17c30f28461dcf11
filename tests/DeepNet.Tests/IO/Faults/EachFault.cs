using DeepNet.IO;

namespace DeepNet.Tests.IO.Faults;

/// <summary>Has each operation of a writer fail, one after the other.</summary>
internal static class EachFault
{
    /// <summary>
    /// Runs something again and again: the first time its first operation on files fails, the next time its second, and so on until all
    /// succeed; then the same for disks that stay full. Returns how many failures there were.
    /// </summary>
    /// <param name="attempt">
    /// Makes a new place, uses the file system within <see cref="In"/>, and asserts what must hold after a failure.
    /// </param>
    /// <param name="concerns">The files whose operations fail; all if null.</param>
    public static int Everywhere(Action<FaultyFileSystem> attempt, Func<string, bool>? concerns = null)
    {
        int failures = 0;
        foreach (bool staysFull in new[] { false, true })
        {
            for (int n = 1; ; n++)
            {
                var system = new FaultyFileSystem(n, staysFull, concerns);
                try
                {
                    attempt(system);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    string kind = staysFull ? "the disk stays full" : "once";
                    throw new InvalidOperationException($"After failure {n} ({system.Failed}; {kind}): {e.Message}", e);
                }
                if (system.Failed is null) break;
                failures++;
            }
        }
        return failures;
    }

    /// <summary>Does something in a file system, and returns what it threw.</summary>
    public static Exception? In(FileSystem system, Action action)
    {
        FileSystem.Use(system);
        try
        {
            action();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
        finally
        {
            FileSystem.Use(null);
        }
    }

    /// <summary>
    /// Writes a file over a former one and into an empty folder with each operation failing. The former file is intact or the new one
    /// whole, nothing else is left, and the error names the file.
    /// </summary>
    public static int OfOneFile(string root, Action<string> write)
    {
        int place = 0;
        byte[]? good = null;
        return Everywhere(system =>
        {
            foreach (byte[]? former in new byte[]?[] { null, [1, 2, 3] })
            {
                string folder = Path.Combine(root, $"{place++}"), path = Path.Combine(folder, "file");
                if (former is not null)
                {
                    Directory.CreateDirectory(folder);
                    File.WriteAllBytes(path, former);
                }
                var error = In(system, () => write(path));
                byte[]? there = File.Exists(path) ? File.ReadAllBytes(path) : null;
                if (error is null)
                {
                    good ??= there!;
                    Assert.Equal(good, there);
                }
                else
                {
                    Assert.Contains(path, error.Message, StringComparison.Ordinal);
                    // Renamed is written: only the folder's own flush can have failed then.
                    if (error.Message.Contains("was written", StringComparison.Ordinal)) Assert.True(there!.Length > 3);
                    else Assert.Equal(former, there);
                }
                if (Directory.Exists(folder)) Assert.All(Directory.GetFiles(folder), file => Assert.Equal(path, file));
                if (system.Failed is not null) return;
            }
        });
    }
}
