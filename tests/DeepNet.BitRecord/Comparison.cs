namespace DeepNet.BitRecord;

/// <summary>Compares two records.</summary>
internal static class Comparison
{
    /// <summary>Prints what differs; returns 0 if nothing of the first record differs or is missing.</summary>
    public static int Print(string before, string after)
    {
        string[] old = File.ReadAllLines(before), now = File.ReadAllLines(after);
        if (old[0] != now[0])
        {
            Console.WriteLine($"The records are of different vectors: {old[0][2..]}, and {now[0][2..]}.");
            return 2;
        }
        var oldHashes = Read(old);
        var newHashes = Read(now);
        string[] moved = [.. oldHashes.Where(e => newHashes.TryGetValue(e.Key, out string? hash) && hash != e.Value).Select(e => e.Key)];
        string[] missing = [.. oldHashes.Keys.Where(name => !newHashes.ContainsKey(name))];
        string[] added = [.. newHashes.Keys.Where(name => !oldHashes.ContainsKey(name))];
        foreach (string name in moved) Console.WriteLine($"differs  {name}");
        foreach (string name in missing) Console.WriteLine($"missing  {name}");
        foreach (string name in added) Console.WriteLine($"new      {name}");
        Console.WriteLine($"{oldHashes.Count} before, {newHashes.Count} after: "
            + $"{moved.Length} differ, {missing.Length} missing, {added.Length} new.");
        return moved.Length + missing.Length > 0 ? 1 : 0;
    }

    private static Dictionary<string, string> Read(string[] lines)
        => lines.Skip(1).Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);
}
