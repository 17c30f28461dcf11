namespace DeepNet.Bench;

/// <summary>Does all cases on both sides, and compares the results in numbers.</summary>
internal static class Check
{
    /// <summary>Prints the cases that differ or that the other side has not; 1 if one differs or if there is no other side.</summary>
    public static int Run(IReadOnlyList<Case> cases, IReadOnlyList<int> threadCounts)
    {
        int different = 0;
        foreach (int threads in threadCounts)
        {
            CpuDevice.Threads = threads;
            using var torch = TorchSide.TryStart(threads, out string reason);
            if (torch is null)
            {
                Console.Error.WriteLine($"Nothing to compare with: {reason}.");
                return 1;
            }
            Console.WriteLine(torch.Description);
            var unknown = new List<string>();
            foreach (var item in cases)
            {
                string? difference = torch.FindDifference(item, out bool isKnown);
                if (!isKnown) unknown.Add(item.Name);
                if (difference is null) continue;
                Console.WriteLine($"{item.Name}: {difference}");
                different++;
            }
            Console.WriteLine($"{cases.Count} cases, {different} differ; the other side has not: {string.Join(", ", unknown)}");
        }
        return different > 0 ? 1 : 0;
    }
}
