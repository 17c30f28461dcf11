using System.Globalization;
using DeepNet.Bench.Cases;
using DeepNet.Bench.Scale;

namespace DeepNet.Bench.Page;

/// <summary>Measures what docs/performance.md shows, and writes it there: tables between their marks, and the picture beside.</summary>
internal static class PageRun
{
    /// <param name="path">The page.</param>
    /// <param name="threadCounts">Numbers of threads of the comparison.</param>
    /// <param name="rounds">Rounds of each side.</param>
    public static int Run(string path, IReadOnlyList<int> threadCounts, int rounds)
    {
        string text = File.ReadAllText(path);
        var results = new List<Result>();
        string anchor = "";
        foreach (int threads in threadCounts)
        {
            using var torch = TorchSide.TryStart(threads, out string reason);
            if (torch is null)
            {
                Console.Error.WriteLine($"The page is a comparison, and there is nothing to compare with: {reason}.");
                return 1;
            }
            anchor = torch.Description;
            var cases = All.Cases.Where(c => !c.IsExtra);
            foreach (var result in Compare.Results(cases, threadCounts, threads, torch, rounds))
            {
                Console.WriteLine($"{result.Case.Name,-40} {threads} {Units.Ratio(result.Ratio)} {result.Difference}");
                if (result.Difference is not null) return 1;
                results.Add(result);
            }
        }
        var curves = ScaleRun.Curves(1).ToList();
        GrowthPlot.Of(curves).Save(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "performance-growth.svg"));

        string day = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        text = Tables.Put(text, "machine", $"{Machine.Processor()}; measured {day} against {anchor}; {rounds} rounds.");
        text = Tables.Put(text, "compare", ResultTable.Of(results, threadCounts));
        text = Tables.Put(text, "growth", Tables.Of(Curve.Headings, curves.Select(curve => curve.Cells())));
        File.WriteAllText(path, text);
        return 0;
    }
}
